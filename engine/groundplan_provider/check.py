# SPDX-License-Identifier: Apache-2.0
"""Check: complete the program's inputs (name, location, API version) and validate them, before anything is created."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from groundplan_arm import ResourceType, schema
from groundplan_provider import autoname
from groundplan_provider.diff import CREATE_BEFORE_DELETE
from groundplan_provider.property_path import Path, format_path
from groundplan_provider.secrecy import mark_listed, redact
from groundplan_provider.session import RESOURCE_GROUPS, Session
from groundplan_provider.values import COMPUTED, Asset, Properties, Secret, reveal, without_internal

API_VERSION = "azureApiVersion"

# azure-native fills no default location into these: provider/pkg/provider/provider.go of pulumi/pulumi-azure-native
_WITHOUT_DEFAULT_LOCATION = frozenset(
    {"azure-native:resources:Deployment", "azure-native:network:LoadBalancerBackendAddressPool"}
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one property is not acceptable; the path is empty when the resource as a whole is meant."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Completed inputs, or failures."""

    inputs: Properties
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """What the engine says about a resource's name."""

    urn: str
    logical_name: str
    seed: bytes
    proposed: str | None = None
    mode: autoname.Mode = autoname.Mode.PROPOSE


def check(session: Session, resource_type: ResourceType, old: Properties, new: Properties, naming: Naming) -> Checked:
    """The inputs that Create and Update will be given, or what is wrong with them."""
    inputs = {name: value for name, value in without_internal(new).items() if value is not None}
    failures = [*_refuse_assets(inputs)]
    _name(session, resource_type, old, inputs, naming)
    _locate(session, resource_type, old, inputs)
    if resource_type.api_version:
        inputs[API_VERSION] = resource_type.api_version
    failures += validate(resource_type, inputs)
    failures += _require_name(resource_type, inputs)
    failures += _require_location(resource_type, inputs)
    return Checked(mark_listed(inputs, resource_type.secrets), tuple(failures))


def _name(session: Session, resource_type: ResourceType, old: Properties, inputs: Properties, naming: Naming) -> None:
    parameter = resource_type.name_param
    if parameter is None or parameter in inputs:
        return
    if (kept := old.get(parameter)) is not None and kept is not COMPUTED:
        inputs[parameter] = kept
        if old.get(CREATE_BEFORE_DELETE):
            inputs[CREATE_BEFORE_DELETE] = True
        return
    chosen = autoname.choose(
        resource_type.autoname, naming.logical_name, naming.seed, proposed=naming.proposed, mode=naming.mode
    )
    if chosen is not None:
        begun = session.journal.unfinished(naming.urn) if chosen.unique or resource_type.autoname == "uuid" else None
        inputs[parameter] = resource_type.parse_id(begun)[parameter] if begun else chosen.name
        if chosen.unique:
            inputs[CREATE_BEFORE_DELETE] = True


def _require_name(resource_type: ResourceType, inputs: Properties) -> Iterator[Failure]:
    parameter = resource_type.name_param
    if parameter is not None and parameter not in inputs:
        reason = f"missing required property '{parameter}': no name is made automatically here (Pulumi's autonaming or the type)"
        yield Failure(parameter, reason)


def _locate(session: Session, resource_type: ResourceType, old: Properties, inputs: Properties) -> None:
    if (
        "location" not in resource_type.inputs
        or "location" in inputs
        or resource_type.token in _WITHOUT_DEFAULT_LOCATION
    ):
        return
    location: Any = old.get("location") or session.settings.location
    if location is None:
        group = reveal(inputs.get("resourceGroupName"))
        if group is COMPUTED:
            location = COMPUTED
        elif isinstance(group, str):
            location = session.region_of_group(group)
    if location is not None:
        inputs["location"] = location


def _require_location(resource_type: ResourceType, inputs: Properties) -> Iterator[Failure]:
    if resource_type.arm_type == RESOURCE_GROUPS and "location" not in inputs:
        reason = (
            "missing required property 'location': set it here, or azure-native:location in the stack's configuration"
        )
        yield Failure("location", reason)


def validate(resource_type: ResourceType, inputs: Properties) -> Iterator[Failure]:
    """What the type's schema says against the inputs; nothing about values that are not known yet."""
    plain = reveal(without_internal(inputs))
    plain.pop(API_VERSION, None)
    for failure in schema.validate_inputs(resource_type, plain, is_unknown=_not_judged):
        yield Failure(failure.property_path, redact(failure.reason, inputs))


def _not_judged(value: Any) -> bool:
    return value is COMPUTED or isinstance(value, Asset)


def _refuse_assets(value: Any, path: Path = ()) -> Iterator[Failure]:
    match value:
        case Asset():
            yield Failure(
                format_path(path), "assets and archives can not be sent to Azure Resource Manager; pass the text itself"
            )
        case Secret():
            yield from _refuse_assets(value.value, path)
        case dict():
            for name, item in value.items():
                yield from _refuse_assets(item, (*path, name))
        case list():
            for index, item in enumerate(value):
                yield from _refuse_assets(item, (*path, index))
        case _:
            return
