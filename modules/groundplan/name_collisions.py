# SPDX-License-Identifier: Apache-2.0
"""Refuses two resources of one program that would have one name in one place of Azure.

Names that are taken from the logical name, or derived from another name, may meet although every component is right by
itself. Azure would take the two for one resource: the second create fails, or one overwrites the other. Whatever the program
declares through components is looked at, and what it declares beside them after the first component.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary, WeakSet

from pulumi import Output, ProviderResource, Resource, ResourceOptions, ResourceTransformationArgs
from pulumi.runtime import mocks, register_stack_transformation, settings

from groundplan.errors import ArgumentError
from groundplan.name_rules import RULES

_GROUP: Final = ("resource_group_name",)
_WORKSPACE: Final = (*_GROUP, "workspace_name")
_ACCOUNT: Final = (*_GROUP, "account_name")
_PROFILE: Final = (*_GROUP, "profile_name")
_VAULT: Final = (*_GROUP, "vault_name")
_CLUSTER: Final = (*_GROUP, "resource_name_")

WITHIN: Final[Mapping[str, tuple[str, ...]]] = {
    "authorization:ManagementLockByScope": ("scope",),
    "authorization:PolicyAssignment": ("scope",),
    "authorization:PolicyDefinition": (),
    "authorization:PolicyExemption": ("scope",),
    "cdn:AFDEndpoint": _PROFILE,
    "cdn:AFDOrigin": (*_PROFILE, "origin_group_name"),
    "cdn:AFDOriginGroup": _PROFILE,
    "cdn:Route": (*_PROFILE, "endpoint_name"),
    "cdn:SecurityPolicy": _PROFILE,
    "cognitiveservices:Deployment": _ACCOUNT,
    "consumption:Budget": ("scope",),
    "containerservice:AgentPool": _CLUSTER,
    "containerservice:TrustedAccessRoleBinding": _CLUSTER,
    "eventgrid:EventSubscription": ("scope",),
    "eventhub:ConsumerGroup": (*_GROUP, "namespace_name", "event_hub_name"),
    "eventhub:EventHub": (*_GROUP, "namespace_name"),
    "keyvault:Key": _VAULT,
    "keyvault:Secret": _VAULT,
    "kubernetesconfiguration:Extension": (*_GROUP, "cluster_rp", "cluster_resource_name", "cluster_name"),
    "machinelearningservices:BatchDeployment": (*_WORKSPACE, "endpoint_name"),
    "machinelearningservices:BatchEndpoint": _WORKSPACE,
    "machinelearningservices:Compute": _WORKSPACE,
    "machinelearningservices:Datastore": _WORKSPACE,
    "machinelearningservices:FeaturesetContainerEntity": _WORKSPACE,
    "machinelearningservices:FeaturestoreEntityContainerEntity": _WORKSPACE,
    "machinelearningservices:ManagedNetworkSettingsRule": _WORKSPACE,
    "machinelearningservices:OnlineDeployment": (*_WORKSPACE, "endpoint_name"),
    "machinelearningservices:OnlineEndpoint": _WORKSPACE,
    "machinelearningservices:ServerlessEndpoint": _WORKSPACE,
    "machinelearningservices:WorkspaceConnection": _WORKSPACE,
    "managedidentity:FederatedIdentityCredential": _CLUSTER,
    "monitor:DiagnosticSetting": ("resource_uri",),
    "network:Route": (*_GROUP, "route_table_name"),
    "network:Subnet": (*_GROUP, "virtual_network_name"),
    "network:VirtualNetworkPeering": (*_GROUP, "virtual_network_name"),
    "operationalinsights:DataExport": _WORKSPACE,
    "operationalinsights:Table": _WORKSPACE,
    "privatedns:VirtualNetworkLink": (*_GROUP, "private_zone_name"),
    "resources:ResourceGroup": (),
    "storage:BlobContainer": _ACCOUNT,
    "storage:FileShare": _ACCOUNT,
    "storage:Queue": _ACCOUNT,
    "storage:Table": _ACCOUNT,
    "synapse:BigDataPool": _WORKSPACE,
}
"""Arguments that say where a resource lies, beside its name; those of a type that is not here: its resource group."""


def _named() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Type tokens to the argument with the name, and those with the place."""
    found = (rule.declared_as.rpartition(".")[::2] for rule in RULES.values() if rule.declared_as)
    return {f"azure-native:{token}": (argument, WITHIN.get(token, _GROUP)) for token, argument in found}


_NAMED: Final = _named()
_NOT_AZURE_NAMES: Final = frozenset({"display_name", "friendly_name", "managed_resource_group_name"})

_watched: WeakSet[Resource] = WeakSet()
"""Root resources whose program is looked at: an automation program may run several stacks."""


def refuse_collisions() -> None:
    """Look at every resource that the program declares from here on. The first component does this; another call does nothing."""
    root = settings.get_root_resource()
    if root is None or root in _watched or isinstance(settings.get_monitor(), mocks.MockMonitor):
        return  # unit tests share one root, and each declares what it likes
    _watched.add(root)
    register_stack_transformation(NameWatch())


@dataclass(frozen=True, slots=True)
class _Claim:
    """A resource that wants a name."""

    type_: str
    azure_name: str
    argument: str
    logical_name: str
    parents: tuple[Resource, ...]
    place: tuple[Any, ...]
    """Texts and outputs."""


class NameWatch:
    """A transformation that changes nothing: raises `ArgumentError` for the second of two resources with one name in one place.

    Places that are the same text or the same output are told at once; others when both are known, so in a preview perhaps not
    yet. What is only read (`Resource.get`) claims no name, and each explicit provider may be another subscription.
    """

    def __init__(self) -> None:
        self._claims: dict[tuple[str, str, int], dict[tuple[Any, ...], _Claim]] = {}
        self._resolved: dict[tuple[Any, ...], _Claim] = {}
        self._above: WeakKeyDictionary[Resource, Resource] = WeakKeyDictionary()

    def __call__(self, args: ResourceTransformationArgs) -> None:
        """Note the name."""
        if args.opts.parent is not None and args.type_.startswith("groundplan:index:"):
            self._above[args.resource] = args.opts.parent
        known = _NAMED.get(args.type_)
        if known is None or args.opts.id is not None or args.opts.urn is not None:
            return
        argument, within = known
        name = args.props.get(argument.rstrip("_"))  # constructors have `resource_name_`, properties `resource_name`
        if not isinstance(name, str):
            return
        claim = _Claim(
            args.type_,
            name,
            argument,
            args.name,
            tuple(self._parents(args.opts.parent)),
            tuple(args.props.get(each.rstrip("_")) for each in within),
        )
        self._note(claim, (args.type_, name.lower(), id(_provider(args.type_, args.opts))))

    def _note(self, claim: _Claim, key: tuple[str, str, int]) -> None:
        others = self._claims.setdefault(key, {})
        place = tuple(_plain(each) if isinstance(each, str) else id(each) for each in claim.place)
        if (other := others.get(place)) is not None:
            _compare(other, claim)
            return
        if len(others) == 1:
            self._resolve(key, next(iter(others.values())))
        others[place] = claim
        if len(others) > 1:
            self._resolve(key, claim)

    def _resolve(self, key: tuple[str, str, int], claim: _Claim) -> None:
        def compare(place: Sequence[Any]) -> None:
            _compare(self._resolved.setdefault((*key, *map(_plain, place)), claim), claim)

        Output.all(*claim.place).apply(compare)

    def _parents(self, parent: Resource | None) -> list[Resource]:
        """The component that a resource lies in, and those around it."""
        found: list[Resource] = []
        while parent is not None:
            found.append(parent)
            parent = self._above.get(parent)
        return found


def _compare(first: _Claim, second: _Claim) -> None:
    """Raise `ArgumentError` unless both are one declaration: a component host may run it for the preview and again for the update."""
    if _urn_parts(first) != _urn_parts(second):
        raise ArgumentError(_refusal(first, second))


def _urn_parts(claim: _Claim) -> tuple[str, ...]:
    """What the engine tells resources apart by; it refuses twice the same itself."""
    return claim.logical_name, *(type(parent).__name__ for parent in claim.parents)


def _plain(value: object) -> object:
    """Names and ids as Azure compares them."""
    return value.strip("/").casefold() if isinstance(value, str) else value


def _provider(type_: str, options: ResourceOptions) -> ProviderResource | None:
    if options.provider is not None or options.parent is None:
        return options.provider
    return options.parent.get_provider(type_)


def _refusal(first: _Claim, second: _Claim) -> str:
    overrides = list(dict.fromkeys([_override(second), _override(first)]))
    return (
        f"{_said(second)} and {_said(first)} would both be the {first.type_.removeprefix('azure-native:')} "
        f"{second.azure_name!r} in one place, and Azure would take them for one resource; "
        f"give one of them another name: {' or '.join(overrides)}"
    )


def _said(claim: _Claim) -> str:
    outer = _outermost(claim)
    if outer is None:
        return repr(claim.logical_name)
    component = f"{type(outer).__name__} {_logical_name(outer)!r}"
    return component if _logical_name(outer) == claim.logical_name else f"{claim.logical_name!r} of {component}"


def _override(claim: _Claim) -> str:
    outer = _outermost(claim)
    choices = [] if outer is None else _name_arguments(type(outer))
    holder = claim.logical_name if outer is None or not choices else _logical_name(outer)
    return f"{' or '.join(choices or [claim.argument])} of {holder!r}"


def _outermost(claim: _Claim) -> Resource | None:
    """The component of this library that the program itself made."""
    ours = [parent for parent in claim.parents if type(parent).__module__.startswith("groundplan.")]
    return ours[-1] if ours else None


def _logical_name(resource: Resource) -> str:
    return resource._name  # pyright: ignore[reportPrivateUsage]  # the SDK has no public one before the URN is known


def _name_arguments(component: type[Resource]) -> list[str]:
    """Arguments of a component that choose Azure names."""
    args = getattr(sys.modules[component.__module__], f"{component.__name__}Args", None)
    if args is None or not is_dataclass(args):
        return []
    return [
        each.name
        for each in fields(args)
        if each.name.endswith("_name") and each.default is not MISSING and each.name not in _NOT_AZURE_NAMES
    ]
