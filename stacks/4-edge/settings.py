# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from typing import Self

from pydantic import Field, model_validator

import groundplan as gp
from groundplan.config import Section, Settings

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"


class InstanceTypeSettings(Section):
    """What one workload gets of a cluster."""

    cpu: str
    """Most CPU, such as `2` or `500m`."""
    memory: str
    """Most memory, such as `8Gi`."""
    gpus: int = Field(default=0, ge=0)
    """Whole GPUs."""

    def instance_type(self) -> gp.InstanceType:
        """The component's argument."""
        return gp.InstanceType(cpu=self.cpu, memory=self.memory, gpus=self.gpus)


class AttachSettings(Section):
    """Makes a cluster a compute of the workspace."""

    relay_id: str
    """ARM id of the Azure Relay hybrid connection over which the workspace reaches the cluster."""
    relay_connection_string: str
    """Its connection string; set it with `pulumi config set --secret --path`."""
    instance_types: dict[str, InstanceTypeSettings] = Field(min_length=1)
    """What workloads can ask for, by name."""
    default_instance_type: str | None = None
    """The one for workloads that ask for none; needed where there are several."""
    namespace: str = "default"
    """Kubernetes namespace of the workloads."""


class ArcClusterSettings(Section):
    """One cluster outside of Azure."""

    agent_public_key: str
    """Public key of the cluster's agents, base64; a change replaces the entry."""
    distribution: str | None = None
    """Kind of Kubernetes, such as `k3s`; what the agents report unless set."""
    public_access: bool = False
    """The agents reach Azure over the internet."""
    private_link_scope_id: str | None = None
    """ARM id of an Azure Arc private link scope, needed unless `publicAccess` is on."""
    attach: AttachSettings | None = None
    """Train and serve on it; it is only known to Azure unless set."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.public_access == (self.private_link_scope_id is not None):
            raise ValueError("give either privateLinkScopeId, or publicAccess: true for agents that use the internet")
        return self


class EdgeSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=_STACK)
    """`<organization>/<project>/<stack>` of stage 0, or its `<stack>` alone; the stack of this environment unless set."""
    workspace_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 1; the stack of this environment and instance unless set."""
    arc_clusters: dict[str, ArcClusterSettings] = Field(default_factory=dict)
    """Clusters outside of Azure by a key that becomes part of their Azure name."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
