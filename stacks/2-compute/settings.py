# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from pydantic import Field

from groundplan.config import Section, Settings

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


class ClusterSettings(Section):
    """One cluster."""

    vm_size: str
    """Size of each node; a change replaces the cluster."""
    max_nodes: int = Field(ge=1, le=100)
    """Most nodes at one time."""
    min_nodes: int = Field(default=0, ge=0, le=100)
    """Nodes that always run."""
    idle_minutes: int = Field(default=15, ge=2, le=1440)
    """Minutes without a job after which a node stops."""
    low_priority: bool = False
    """Cheaper nodes that Azure may take away; a change replaces the cluster."""
    subnet: str = "training"
    """The foundation's subnet that nodes join, unless `managedNetwork` is set."""


class InstanceSettings(Section):
    """The machine of one person."""

    vm_size: str
    """Size of the machine."""
    owner_id: str = Field(pattern=_GUID)
    """Object id of the person in Microsoft Entra ID; nobody else gets in."""
    idle_minutes: int = Field(default=60, ge=15, le=4320)
    """Minutes without work after which it stops."""
    subnet: str = "training"
    """The foundation's subnet that it joins, unless `managedNetwork` is set."""


class ComputeSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=_STACK)
    """`<organization>/<project>/<stack>` of stage 0, or its `<stack>` alone; the stack of this environment unless set."""
    workspace_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 1; the stack of this environment and instance unless set."""
    managed_network: bool = False
    """The workspace has a managed network, which nodes join by themselves."""
    clusters: dict[str, ClusterSettings] = Field(default_factory=dict)
    """Clusters by their Azure name."""
    instances: dict[str, InstanceSettings] = Field(default_factory=dict)
    """Machines of people by a key that becomes part of their Azure name."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
