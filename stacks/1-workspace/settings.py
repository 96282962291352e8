# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from typing import Literal

from pydantic import Field

from groundplan.config import Section, Settings


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


class WorkspaceSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=r"^[^/]+/[^/]+/[^/]+$")
    """`<organization>/<project>/<stack>` of stage 0; the stack of the same name beside this one unless set."""
    description: str = "Training and serving of the platform's models"
    """Text shown in the studio."""
    vault: VaultSettings = VaultSettings()
    storage: StorageSettings = StorageSettings()
    cluster: ClusterSettings = ClusterSettings()
    budget: BudgetSettings
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
