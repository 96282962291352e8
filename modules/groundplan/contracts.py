# SPDX-License-Identifier: Apache-2.0
"""What one stack exports and another one reads: typed, versioned, checked before anything is created."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any, ClassVar, Final, Self, get_origin

import pulumi
from pulumi import Input

from groundplan.component import camel
from groundplan.errors import ContractError
from groundplan.interfaces import PrivateEndpoint

_RESOURCE_ID: Final = re.compile(r"/subscriptions/[^/]+(/[^/]+)+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class StackName:
    """A Pulumi stack's name: `<environment>`, or `<environment>-<instance>` for one of several of a kind."""

    environment: str
    instance: str = ""

    @classmethod
    def parse(cls, name: str) -> Self:
        """The parts of a name. An environment has no dash, so all after the first one is the instance."""
        environment, _, instance = name.partition("-")
        return cls(environment=environment, instance=instance)

    @classmethod
    def current(cls) -> Self:
        """The running program's."""
        return cls.parse(pulumi.get_stack())


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Base of all contracts. The exporting program gives outputs as values, the reading one gets plain values.

    A field's name says what it holds: `..._id` an ARM id, `..._ids` ARM ids by key (unless its metadata says `arm: False`: it is a
    GUID), any other mapping texts by key, anything else a text.
    A field with a default is exported where the stack has such a thing. A mapping has keys unless its metadata says `empty`.
    """

    VERSION: ClassVar[int] = 1
    """Raised with every change that an older reader would misunderstand."""
    PROJECT: ClassVar[str] = ""
    """Pulumi project of the stack that exports it."""
    KEY: ClassVar[str] = ""
    """Configuration key with which a reader names another stack than the one beside it."""

    @classmethod
    def version(cls) -> str:
        """Name and number of this contract, exported beside its values."""
        return f"{cls.__name__}/{cls.VERSION}"

    def outputs(self) -> dict[str, Input[Any]]:
        """Stack outputs by name, the version among them; what the stack does not have is left out."""
        values = {camel(each.name): getattr(self, each.name) for each in fields(self)}
        return {"contract": self.version()} | {name: value for name, value in values.items() if value is not None}

    @classmethod
    async def find(cls, named: str | None = None, *, reference: str | None = None) -> Self:
        """Values of the stack that `named` says: `<organization>/<project>/<stack>`, or `<stack>` of the usual project.

        Without it, the stack of this one's environment and instance; where there is none, that of the environment.
        `reference` is the logical name of what reads it, for a program that may read the same stack twice.
        """
        if named:
            return await cls.read(named if "/" in named else sibling(cls.PROJECT, named), reference=reference)
        own = StackName.current()
        if own.instance and await _exists(sibling(cls.PROJECT)):
            return await cls.read(sibling(cls.PROJECT))
        return await cls.read(sibling(cls.PROJECT, own.environment))

    @classmethod
    async def read(cls, stack: str, *, reference: str | None = None) -> Self:
        """Values that `stack` (`<organization>/<project>/<stack>`) exported at its last update.

        Raises `ContractError`, naming the stack and each output that is missing or malformed.
        """
        try:
            # a StackReference to a stack that does not exist ends the program before it could say what to do about it
            await pulumi.runtime.invoke_async("pulumi:pulumi:readStackOutputs", {"name": stack})
        except Exception as error:  # noqa: BLE001 (what the SDK raises when an invoke fails)
            reason = str(error).rpartition("returned an error: ")[2]
            raise ContractError(
                f"cannot read stack {stack!r}: {reason}. Deploy that stack first, or name another one in this "
                "stack's configuration as <organization>/<project>/<stack>"
            ) from None
        outputs: Mapping[str, Any] = (
            await pulumi.StackReference(reference or stack, stack_name=stack).outputs.future() or {}
        )
        return cls.check(stack, outputs)

    @classmethod
    def check(cls, stack: str, outputs: Mapping[str, Any]) -> Self:
        """The contract from a stack's plain outputs, each checked."""
        if not outputs:
            raise ContractError(f"stack {stack!r} exports nothing; is it deployed? Run `pulumi up` in its folder first")
        found = outputs.get("contract")
        if found != cls.version():
            raise ContractError(
                f"stack {stack!r} exports contract {found!r}, but this program reads {cls.version()!r}; "
                "deploy both from the same version of the code, the exporting one first"
            )
        problems = [problem for term in cls.terms() for problem in _problems(term, outputs)]
        if problems:
            raise ContractError(f"stack {stack!r} breaks contract {cls.version()}:\n" + "\n".join(problems))
        return cls(**{term.field: outputs[term.output] for term in cls.terms() if term.output in outputs})

    @classmethod
    def terms(cls) -> tuple["Term", ...]:
        """What the contract consists of, in order."""
        return tuple(_term(each, get_origin(each.type) is Mapping) for each in fields(cls))


@dataclass(frozen=True, kw_only=True)
class Term:
    """One output of a contract."""

    field: str
    """Name of the field in Python."""
    output: str
    """Name of the stack's output."""
    kind: str
    """What it holds, in words."""
    optional: bool
    """Exported only where the stack has such a thing."""
    empty: bool
    """A mapping may have no keys."""


_ID, _IDS, _TEXT, _TEXTS = "an ARM id", "ARM ids by key", "a text", "texts by key"


def _term(each: Field[Any], is_mapping: bool) -> Term:
    is_arm = each.metadata.get("arm", True)
    if is_arm and each.name.endswith("_ids"):
        kind = _IDS
    elif is_arm and each.name.endswith("_id"):
        kind = _ID
    else:
        kind = _TEXTS if is_mapping else _TEXT
    optional = each.default is not MISSING or each.default_factory is not MISSING
    empty = optional or each.metadata.get("empty", False)
    return Term(field=each.name, output=camel(each.name), kind=kind, optional=optional, empty=empty)


@dataclass(frozen=True, kw_only=True)
class Foundation(Contract):
    """What `0-foundation` gives to every later stack."""

    VERSION: ClassVar[int] = 2
    PROJECT: ClassVar[str] = "groundplan-foundation"
    KEY: ClassVar[str] = "foundationStack"

    project: str
    """Short name of the platform."""
    environment: str
    """Name of the environment."""
    location: str
    """Azure region of the network."""
    virtual_network_id: Input[str]
    """ARM id of the network."""
    subnet_ids: Mapping[str, Input[str]]
    """ARM ids of the subnets by key; `endpoints` is there for private endpoints."""
    dns_zone_ids: Mapping[str, Input[str]] = field(metadata={"empty": True})
    """ARM ids of the private DNS zones by key (`dns.ZONES`); none where an Azure Policy writes the records."""
    log_analytics_workspace_id: Input[str]
    """ARM id of the Log Analytics workspace."""
    application_insights_id: Input[str]
    """ARM id of Application Insights."""
    action_group_id: Input[str]
    """ARM id of the action group for alerts."""
    monitor_private_link_scope_id: Input[str] | None = None
    """ARM id of the Azure Monitor private link scope."""
    ml_registry_id: Input[str] | None = None
    """ARM id of the Azure Machine Learning registry that environments share."""

    def subnet(self, key: str) -> Input[str]:
        """ARM id of a subnet; `ContractError` where the network has none of this key."""
        if key not in self.subnet_ids:
            raise ContractError(
                f"the foundation has no subnet {key!r}; it has: {', '.join(sorted(self.subnet_ids))}. "
                f"Add `{key}` to `network.subnets` of 0-foundation and bring that stack up"
            )
        return self.subnet_ids[key]

    def placement(self, *zones: str) -> PrivateEndpoint:
        """Where a later stage's private endpoints go: the subnet `endpoints`, with the foundation's zones.

        `ContractError` where it lacks one of `zones`, keys beyond those that every foundation has.
        """
        if not self.dns_zone_ids:
            return PrivateEndpoint(subnet_id=self.subnet("endpoints"), dns_managed_elsewhere=True)
        if missing := [key for key in zones if key not in self.dns_zone_ids]:
            raise ContractError(
                f"the foundation has no private DNS zone {', '.join(map(repr, missing))}; it has: "
                f"{', '.join(sorted(self.dns_zone_ids))}. Add {', '.join(missing)} to `dnsZones` of 0-foundation and bring "
                "that stack up"
            )
        return PrivateEndpoint(subnet_id=self.subnet("endpoints"), dns_zone_ids=self.dns_zone_ids)


@dataclass(frozen=True, kw_only=True)
class WorkspaceStage(Contract):
    """What `1-workspace` gives: a workspace and what it stands on."""

    PROJECT: ClassVar[str] = "groundplan-workspace"
    KEY: ClassVar[str] = "workspaceStack"

    kind: str
    """`Default`, `Hub`, `Project` or `FeatureStore`."""
    location: str
    """Azure region of the workspace."""
    subscription_id: Input[str] = field(metadata={"arm": False})
    """Id (a GUID) of its subscription."""
    resource_group_name: Input[str]
    """Resource group that holds all of it."""
    workspace_name: Input[str]
    """Name of the workspace."""
    workspace_id: Input[str]
    """ARM id of the workspace."""
    training_identity_id: Input[str]
    """ARM id of the identity that jobs act as."""
    training_identity_client_id: Input[str] = field(metadata={"arm": False})
    """Client id of the identity that jobs act as."""
    training_identity_principal_id: Input[str] = field(metadata={"arm": False})
    """Principal id of the identity that jobs act as."""
    key_vault_id: Input[str]
    """ARM id of the vault."""
    key_vault_uri: Input[str]
    """Address of the vault."""
    storage_account_id: Input[str]
    """ARM id of the storage account."""
    storage_account_name: Input[str]
    """Name of the storage account."""
    container_registry_id: Input[str]
    """ARM id of the container registry."""
    login_server: Input[str]
    """Address of the container registry."""
    cluster_name: Input[str] | None = None
    """Name of the cluster that builds images."""
    ml_registry_id: Input[str] | None = None
    """ARM id of the Azure Machine Learning registry of another environment that this workspace takes models from."""


@dataclass(frozen=True, kw_only=True)
class ComputeStage(Contract):
    """What `2-compute` gives: where jobs and models run."""

    PROJECT: ClassVar[str] = "groundplan-compute"
    KEY: ClassVar[str] = "computeStack"

    workspace_name: Input[str]
    """Name of the workspace that they are attached to."""
    cluster_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the clusters by key."""
    instance_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the compute instances by key."""
    kubernetes_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the attached Kubernetes computes by key."""
    kubernetes_cluster_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the AKS clusters by key."""
    spark_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the attached Spark pools by key."""


@dataclass(frozen=True, kw_only=True)
class ServingStage(Contract):
    """What `3-serving` gives: endpoints that applications call."""

    PROJECT: ClassVar[str] = "groundplan-serving"
    KEY: ClassVar[str] = "servingStack"

    workspace_name: Input[str]
    """Name of the workspace that the endpoints belong to."""
    online_endpoint_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the online endpoints by key."""
    batch_endpoint_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the batch endpoints by key."""
    serverless_endpoint_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the serverless endpoints by key."""
    scoring_uris: Mapping[str, Input[str]] = field(default_factory=dict)
    """Addresses of the endpoints by key."""
    entry_host_name: Input[str] | None = None
    """Name of the public entry."""


@dataclass(frozen=True, kw_only=True)
class EdgeStage(Contract):
    """What `4-edge` gives: where devices report, and clusters outside of Azure."""

    PROJECT: ClassVar[str] = "groundplan-edge"
    KEY: ClassVar[str] = "edgeStack"

    iot_hub_id: Input[str] | None = None
    """ARM id of the IoT hub."""
    iot_hub_name: Input[str] | None = None
    """Name of the IoT hub."""
    device_provisioning_id: Input[str] | None = None
    """ARM id of the device provisioning service."""
    device_id_scope: Input[str] | None = None
    """Scope that devices register under."""
    arc_cluster_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the Arc-connected clusters by key."""
    edge_manifests: Mapping[str, Input[str]] = field(default_factory=dict)
    """What devices run: the manifests of IoT Edge deployments as JSON, by key."""
    edge_commands: Mapping[str, Input[str]] = field(default_factory=dict)
    """Commands that apply the manifests, by key."""


@dataclass(frozen=True, kw_only=True)
class GovernanceStage(Contract):
    """What `5-governance` gives: who may do what, and what is refused."""

    PROJECT: ClassVar[str] = "groundplan-governance"
    KEY: ClassVar[str] = "governanceStack"

    role_definition_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the custom role definitions by key."""
    policy_assignment_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the Azure Policy assignments by key."""
    alert_rule_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the alert rules by key."""
    budget_ids: Mapping[str, Input[str]] = field(default_factory=dict)
    """ARM ids of the budgets by key."""
    ci_client_ids: Mapping[str, Input[str]] = field(default_factory=dict, metadata={"arm": False})
    """Client ids that CI signs in with, by key."""


CONTRACTS: Final[Mapping[str, type[Contract]]] = {
    contract.__name__: contract
    for contract in (Foundation, WorkspaceStage, ComputeStage, ServingStage, EdgeStage, GovernanceStage)
}
"""Every contract by its name, which is what `Pulumi.yaml` of a stack calls it."""


def sibling(project: str, stack: str = "") -> str:
    """Reference to a stack of another project in this one's organization, on any backend; of this one's name unless given."""
    return f"{pulumi.get_organization()}/{project}/{stack or pulumi.get_stack()}"


async def _exists(stack: str) -> bool:
    try:
        await pulumi.runtime.invoke_async("pulumi:pulumi:readStackOutputs", {"name": stack})
    except Exception:  # noqa: BLE001 (what the SDK raises when an invoke fails)
        return False
    return True


def _problems(term: Term, outputs: Mapping[str, Any]) -> list[str]:
    if term.output not in outputs:
        if term.optional:
            return []
        near = get_close_matches(term.output, outputs, n=1)
        return [f"  {term.output} is missing" + (f"; there is {near[0]!r}" if near else "")]
    value = outputs[term.output]
    match term.kind:
        case "ARM ids by key" | "texts by key":
            check = _is_resource_id if term.kind == _IDS else _is_text
            good = isinstance(value, dict) and (value or term.empty) and all(map(check, value.values()))
        case "an ARM id":
            good = _is_resource_id(value)
        case _:
            good = _is_text(value)
    return [] if good else [f"  {term.output} is {value!r}, not {term.kind}"]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_resource_id(value: object) -> bool:
    return isinstance(value, str) and _RESOURCE_ID.fullmatch(value) is not None
