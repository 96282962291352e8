# SPDX-License-Identifier: Apache-2.0
"""What one stack exports and another one reads: typed, versioned, checked before anything is created."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from pulumi import Input

from groundplan.contract import Contract
from groundplan.errors import ContractError
from groundplan.interfaces import PrivateEndpoint


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
