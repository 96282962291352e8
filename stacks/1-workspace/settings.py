# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

import groundplan as gp
from groundplan.config import Section, Settings, arm_id
from groundplan.workspace.outbound_presets import Purpose

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"


class VaultSettings(Section):
    """The key vault."""

    retention_days: int = Field(default=90, ge=7, le=90)
    """Days that a deleted vault can be recovered and keeps its name."""
    purge_protection: bool = True
    """Nobody can purge a deleted vault before its retention ends."""
    recover_deleted: bool = False
    """Recover the soft-deleted vault of the same name instead of creating one."""


class StorageSettings(Section):
    """The storage account."""

    redundancy: Literal["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"] = "Standard_ZRS"
    """Where copies are kept."""
    delete_retention_days: int = Field(default=7, ge=1, le=365)
    """Days that deleted blobs can be restored."""


class ClusterSettings(Section):
    """The CPU cluster."""

    vm_size: str = "Standard_DS3_v2"
    """Size of each node."""
    min_nodes: int = Field(default=0, ge=0, le=65_000)
    """Nodes that always run."""
    max_nodes: int = Field(default=2, ge=1, le=65_000)
    """Most nodes at one time."""
    idle_minutes: int = Field(default=15, ge=1)
    """Minutes without a job after which a node stops."""
    low_priority: bool = False
    """Cheaper nodes that Azure may take away."""


class BudgetSettings(Section):
    """The budget of the workspace's resource group."""

    monthly_amount: float = Field(gt=0)
    """Limit per month, in the currency of the billing account."""
    start_month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    """Month from which the budget counts, `YYYY-MM`; Azure refuses a new budget that starts in a past month."""
    emails: list[str] = Field(min_length=1)
    """Mail addresses that are told before the limit is reached."""


class HostRule(Section):
    """One host that the managed network lets out to."""

    host: str = Field(min_length=1)
    """Name of the host, `*.` in front for all below it."""


class EndpointRule(Section):
    """One Azure resource that the managed network reaches through private endpoints of its own."""

    resource_id: str = Field(pattern=r"^/subscriptions/[^/]+/.+$")
    """ARM id of the resource."""
    subresources: list[str] = Field(min_length=1)
    """What to reach of it, such as `blob`, `vault` or `searchService`."""
    spark: bool = False
    """Serverless Spark jobs reach it as well."""


class TagRule(Section):
    """One Azure service that the managed network lets out to, by its service tag."""

    tag: str = Field(min_length=1)
    """Service tag, such as `DataFactory`."""
    protocol: Literal["TCP", "UDP", "ICMP", "*"] = "TCP"
    """Protocol that is let out."""
    ports: str = "443"
    """Ports and ranges with commas, or `*`."""


class ManagedNetworkSettings(Section):
    """The network that Azure manages around the workspace's compute."""

    isolation: Literal["AllowInternetOutbound", "AllowOnlyApprovedOutbound"] = "AllowOnlyApprovedOutbound"
    """How closed it is. Loosening it replaces the workspace."""
    hosts: dict[str, HostRule] = Field(default_factory=dict)
    """Hosts that it lets out to, by the name of the rule; only with `AllowOnlyApprovedOutbound`."""
    presets: list[Purpose] = Field(default_factory=list)
    """Purposes whose hosts it lets out to; only with `AllowOnlyApprovedOutbound`."""
    index_urls: list[str] = Field(default_factory=list)
    """Package indexes of the preset `python`; those of the pip that runs the program unless set."""
    private_endpoints: dict[str, EndpointRule] = Field(default_factory=dict)
    """Azure resources that it reaches, by the name of the rule."""
    service_tags: dict[str, TagRule] = Field(default_factory=dict)
    """Azure services that it lets out to, by the name of the rule."""
    firewall: Literal["Basic", "Standard"] = "Standard"
    """SKU of the firewall that the first host makes Azure run."""
    provision_now: bool = False
    """Make it with the workspace and not with the first compute: half an hour, which serverless Spark and managed endpoints need."""

    @model_validator(mode="after")
    def _hosts_are_for_approved_traffic(self) -> Self:
        if (self.hosts or self.presets) and self.isolation != "AllowOnlyApprovedOutbound":
            raise ValueError(
                f"isolation is {self.isolation!r}, where every host is open; leave hosts and presets out, or set "
                "isolation to AllowOnlyApprovedOutbound"
            )
        if twice := sorted(
            {*self.hosts} & {*self.private_endpoints} | {*self.service_tags} & {*self.hosts, *self.private_endpoints}
        ):
            raise ValueError(f"the name {twice[0]!r} is that of several rules; rename all but one")
        if self.index_urls and "python" not in self.presets:
            raise ValueError("indexUrls are for the preset 'python', which is not there; add it to presets")
        return self

    def network(self) -> gp.ManagedNetwork:
        """The component's argument."""
        rules: dict[str, gp.FqdnRule | gp.PrivateEndpointRule | gp.ServiceTagRule] = {
            **gp.outbound_preset(*self.presets, index_urls=tuple(self.index_urls)),
            **{key: gp.FqdnRule(host=each.host) for key, each in self.hosts.items()},
        }
        for key, each in self.private_endpoints.items():
            rules[key] = gp.PrivateEndpointRule(
                resource_id=each.resource_id, subresources=tuple(each.subresources), spark=each.spark
            )
        for key, each in self.service_tags.items():
            rules[key] = gp.ServiceTagRule(tag=each.tag, protocol=each.protocol, ports=each.ports)
        return gp.ManagedNetwork(
            isolation=self.isolation, rules=rules, firewall=self.firewall, provision_now=self.provision_now
        )


class CustomerKeySettings(Section):
    """The customer's own key for data at rest of workspace, storage account and container registry."""

    key_vault_id: Annotated[str, arm_id("Microsoft.KeyVault/vaults")] | None = None
    """ARM id of the vault that has the key; the stage makes a key in its own vault unless set."""
    key_uri: str | None = Field(default=None, pattern=r"^https://[^/]+/keys/[^/]+(/[^/]+)?$")
    """URI of the key, without a version to follow its rotation."""
    service_side: bool = False
    """Keep what the workspace's service encrypts in Microsoft's subscription, not in a managed resource group that you pay for."""

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.key_vault_id is None) != (self.key_uri is None):
            raise ValueError(
                "keyVaultId and keyUri belong together; give both, or none for a key in the stage's own vault"
            )
        return self


class ConnectionSettings(Section):
    """One connection to another service."""

    category: str
    """Kind of service in Azure's words, such as `AzureOpenAI`, `CognitiveSearch` or `Git`."""
    target: str
    """URL or ARM id of the service."""
    service_id: str | None = None
    """ARM id of the service, which the studio shows."""
    details: dict[str, str] = Field(default_factory=dict)
    """What the category needs beside the target, such as `ApiVersion`."""
    shared: bool = False
    """Everybody in the workspace, and in the projects of a hub, may use it, not its maker alone."""
    api_key: str | None = None
    """Key to log in with, a secret of the configuration; Microsoft Entra ID unless set."""
    custom_keys: dict[str, str] | None = Field(default=None, min_length=1)
    """Values by name, secrets of the configuration, for the category `CustomKeys`."""

    @model_validator(mode="after")
    def _one_login(self) -> Self:
        if self.api_key is not None and self.custom_keys is not None:
            raise ValueError(
                "apiKey and customKeys exclude each other; give one of them, or none for Microsoft Entra ID"
            )
        return self


class DatastoreSettings(Section):
    """One place for data that jobs open as the training identity."""

    account_id: Annotated[str, arm_id("Microsoft.Storage/storageAccounts")] | None = None
    """ARM id of the storage account; the workspace's own unless set, where the container is then made."""
    container: str | None = None
    """Blob container."""
    filesystem: str | None = None
    """Container of an account with a hierarchical namespace."""
    writable: bool = False
    """Jobs may write to another account, too."""
    description: str = ""
    """Text shown in the studio."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.container is None) == (self.filesystem is None):
            raise ValueError("give either container or filesystem")
        if self.account_id is None and (self.filesystem is not None or self.writable):
            raise ValueError(
                "filesystem and writable are for another account; give accountId, or a container of the workspace's own account"
            )
        return self


class WorkspaceSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=_STACK)
    """`<organization>/<project>/<stack>` of stage 0, or its `<stack>` alone; the stack of this environment unless set."""
    kind: Literal["Default", "Hub", "Project", "FeatureStore"] = "Default"
    """Kind of workspace; cannot change later."""
    hub_stack: str | None = Field(default=None, pattern=_STACK)
    """The stack of a project's hub, such as `dev-hub`; needed for a project and refused otherwise."""
    registry_stack: str | None = Field(default=None, pattern=_STACK)
    """The stack of stage 0, such as `shared`, whose model registry several environments use; none unless set."""
    description: str = "Training and serving of the platform's models"
    """Text shown in the studio."""
    managed_network: ManagedNetworkSettings | None = None
    """Compute is in a network that Azure manages instead of the foundation's subnet `training`."""
    serverless_subnet: str | None = None
    """The foundation's subnet in which jobs run that name no compute, without public IP addresses; Azure's network unless set."""
    image_build_compute: str | None = None
    """Cluster of `2-compute` that builds images, where the stage has no `cluster` of its own."""
    customer_key: CustomerKeySettings | None = None
    """The customer's own key for data at rest; Microsoft's unless set. Only at creation."""
    high_business_impact: bool = False
    """Less diagnostic data to Microsoft, encrypted scratch disks. Only at creation."""
    connections: dict[str, ConnectionSettings] = Field(default_factory=dict)
    """Connections to other services by their Azure name."""
    datastores: dict[str, DatastoreSettings] = Field(default_factory=dict)
    """Places for data by their Azure name."""
    vault: VaultSettings = VaultSettings()
    storage: StorageSettings = StorageSettings()
    cluster: ClusterSettings | None = None
    """A small CPU cluster, which also builds images; none unless set."""
    budget: BudgetSettings | None = None
    """What the resource group may cost a month; no budget unless set."""
    names: dict[str, str] = Field(default_factory=dict)
    """Azure names that are not generated, by kind (`virtual_network`) or kind and role (`resource_group/foundation`)."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""

    @model_validator(mode="after")
    def _project_has_a_hub(self) -> Self:
        if (self.kind == "Project") != (self.hub_stack is not None):
            raise ValueError(
                f"kind is {self.kind!r}: hubStack is needed for 'Project' and refused otherwise; set both or none"
            )
        if self.kind == "Project" and self.managed_network is not None:
            raise ValueError("kind is 'Project': it is in its hub's network; set managedNetwork on the hub")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind == "Project" and (
            self.customer_key is not None or any(not each.account_id for each in self.datastores.values())
        ):
            raise ValueError(
                "kind is 'Project': its storage and key are its hub's; set customerKey on the hub, and give datastores an accountId"
            )
        if self.customer_key is not None and self.customer_key.key_uri is None and not self.vault.purge_protection:
            raise ValueError(
                "customerKey is in the stage's vault, whose purgeProtection is off: who purges the vault loses all data; "
                "leave vault.purgeProtection on, or give keyVaultId and keyUri"
            )
        if self.image_build_compute is not None and self.cluster is not None:
            raise ValueError(
                f"imageBuildCompute is {self.image_build_compute!r}, but the stage's own cluster builds images; leave one of them out"
            )
        if self.serverless_subnet is not None and (self.managed_network is not None or self.kind == "Project"):
            raise ValueError(
                f"serverlessSubnet is {self.serverless_subnet!r}, but jobs run in the managed network or the hub's; leave it out"
            )
        return self
