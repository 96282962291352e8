# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from groundplan.config import Guid, Section, Settings, arm_id

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"


class ClusterSettings(Section):
    """One cluster."""

    vm_size: str
    """Size of each node; a change replaces the cluster."""
    max_nodes: int = Field(ge=1, le=65_000)
    """Most nodes at one time."""
    min_nodes: int = Field(default=0, ge=0, le=65_000)
    """Nodes that always run."""
    idle_minutes: int = Field(default=15, ge=1)
    """Minutes without a job after which a node stops."""
    low_priority: bool = False
    """Cheaper nodes that Azure may take away; a change replaces the cluster."""
    subnet: str = "training"
    """The foundation's subnet that nodes join, unless `managedNetwork` is set."""


class ScheduleSettings(Section):
    """When a machine starts or stops by itself."""

    action: Literal["Start", "Stop"]
    """What happens then."""
    cron: str
    """Minute, hour, day, month and weekday, e.g. `0 19 * * 1-5`."""
    time_zone: str = "UTC"
    """Windows name of the time zone, e.g. `W. Europe Standard Time`."""


class InstanceSettings(Section):
    """The machine of one person."""

    vm_size: str
    """Size of the machine."""
    owner_id: Guid
    """Object id of the person in Microsoft Entra ID; nobody else gets in."""
    idle_minutes: int = Field(default=60, ge=15, le=4320)
    """Minutes without work after which it stops."""
    schedules: dict[str, ScheduleSettings] = Field(default_factory=dict)
    """When it starts and stops by itself, by a key of your own."""
    subnet: str = "training"
    """The foundation's subnet that it joins, unless `managedNetwork` is set."""


class PoolSettings(Section):
    """One pool of equal nodes, which the autoscaler keeps between its limits."""

    vm_size: str
    """Size of each node; a change replaces the pool."""
    max_nodes: int = Field(ge=1, le=1000)
    """Most nodes at one time."""
    min_nodes: int | None = Field(default=None, ge=0, le=1000)
    """Nodes that always run: 0, in a system pool as many as `maxNodes` up to 3, unless set."""
    system: bool = False
    """Kubernetes' own pods run here."""
    machine_learning_only: bool = False
    """Nothing but workloads of Azure Machine Learning runs here: for nodes with GPUs."""
    spot: bool = False
    """Cheaper nodes that Azure may take away."""
    zones: list[str] = Field(default_factory=list)
    """Availability zones that nodes are spread over."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Kubernetes labels of the nodes, which instance types select by."""


class InstanceTypeSettings(Section):
    """What one workload gets of a cluster."""

    cpu: str
    """Most CPU, such as `2` or `500m`."""
    memory: str
    """Most memory, such as `8Gi`."""
    gpus: int = Field(default=0, ge=0)
    """Whole GPUs."""
    node_labels: dict[str, str] = Field(default_factory=dict)
    """Labels of the nodes that it may run on; any node unless set."""


class RouterSettings(Section):
    """What takes scoring requests for online endpoints on a cluster, at an internal address."""

    domain: str | None = None
    """Name of the router in its certificate."""
    tls_secret: str | None = None
    """Kubernetes secret in the namespace `azureml` that holds the certificate and its key."""
    insecure_connections: bool = False
    """Plain HTTP, for tests."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.insecure_connections == bool(self.domain and self.tls_secret) or bool(self.domain) != bool(
            self.tls_secret
        ):
            raise ValueError("give domain and tlsSecret, or insecureConnections: true for tests")
        return self


class AttachSettings(Section):
    """Makes a cluster a compute of the workspace."""

    instance_types: dict[str, InstanceTypeSettings] = Field(min_length=1)
    """What workloads can ask for, by name."""
    default_instance_type: str | None = None
    """The one for workloads that ask for none; needed where there are several."""
    namespace: str = "default"
    """Kubernetes namespace of the workloads."""
    training: bool = True
    """Run jobs."""
    inference: RouterSettings | None = None
    """Run online endpoints; none unless set."""


class AksClusterSettings(Section):
    """One AKS cluster, whose API and nodes only the network reaches."""

    pools: dict[str, PoolSettings] = Field(min_length=1)
    """Node pools by name; one at least has `system`."""
    subnet: str = "aks"
    """The foundation's subnet of all nodes."""
    outbound: Literal["userAssignedNATGateway", "userDefinedRouting"] = "userAssignedNATGateway"
    """Way out: the subnet's NAT gateway, or its route to a firewall. A change replaces the cluster."""
    admin_groups: list[Guid] = Field(default_factory=list)
    """Object ids of groups whose members administrate the cluster."""
    kubernetes_version: str | None = None
    """Minor version, such as `1.33`; Azure's default unless set."""
    private_dns_zone_id: Annotated[str, arm_id("Microsoft.Network/privateDnsZones")] | None = None
    """ARM id of the zone of the private API server; one that Azure makes unless set."""
    container_logs: bool = True
    """The output of pods goes to the foundation's Log Analytics workspace."""
    prometheus: bool = False
    """Metrics go to a managed Prometheus."""
    attach: AttachSettings | None = None
    """Train and serve on it; it is a plain cluster unless set."""

    @model_validator(mode="after")
    def _has_a_system_pool(self) -> Self:
        if not any(pool.system for pool in self.pools.values()):
            raise ValueError(
                f"none of the pools ({', '.join(self.pools)}) has system: true; Kubernetes' own pods need one"
            )
        return self


class SparkPoolSettings(Section):
    """One Spark pool of Azure Synapse."""

    pool_id: Annotated[str, arm_id("Microsoft.Synapse/workspaces/bigDataPools")]
    """ARM id of the pool; a change replaces the compute. Jobs act as the workspace's training identity, which needs the role
    `Synapse Administrator` in the Synapse workspace."""


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
    aks_clusters: dict[str, AksClusterSettings] = Field(default_factory=dict)
    """AKS clusters by a key that becomes part of their Azure name and is that of their compute, 2 to 16 characters."""
    spark_pools: dict[str, SparkPoolSettings] = Field(default_factory=dict)
    """Spark pools of Azure Synapse by the Azure name of their compute."""
    quotas: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """Cores that the workspace may take of a family of machines, 0 for none; as many as the subscription has unless named."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
