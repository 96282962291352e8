# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from typing import Literal, Self

from pydantic import Field, model_validator

import groundplan as gp
from groundplan.config import Section, Settings

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
    min_nodes: int = Field(default=0, ge=0, le=100)
    """Nodes that always run."""
    max_nodes: int = Field(default=2, ge=1, le=100)
    """Most nodes at one time."""
    idle_minutes: int = Field(default=15, ge=2, le=1440)
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


class ManagedNetworkSettings(Section):
    """The network that Azure manages around the workspace's compute."""

    isolation: Literal["AllowInternetOutbound", "AllowOnlyApprovedOutbound"] = "AllowOnlyApprovedOutbound"
    """How closed it is. Loosening it replaces the workspace."""
    hosts: dict[str, HostRule] = Field(default_factory=dict)
    """Hosts that it lets out to, by the name of the rule; only with `AllowOnlyApprovedOutbound`."""

    def network(self) -> gp.ManagedNetwork:
        """The component's argument."""
        rules = {key: gp.FqdnRule(host=each.host) for key, each in self.hosts.items()}
        return gp.ManagedNetwork(isolation=self.isolation, rules=rules)


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
