# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from typing import Any, Literal, Self

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


class IotHubSettings(Section):
    """Where devices report."""

    edition: Literal["S1", "S2", "S3"] = "S1"
    """400,000, 6 million or 300 million messages a day and unit."""
    units: int = Field(default=1, ge=1, le=200)
    """Units of the edition; `S3` has 10 at most."""
    partitions: int = Field(default=4, ge=2, le=128)
    """Partitions of the built-in endpoint; a change replaces the hub, with its devices."""
    retention_days: int = Field(default=1, ge=1, le=7)
    """Days that the built-in endpoint keeps messages."""
    consumer_groups: list[str] = Field(default_factory=list)
    """Names of readers of the built-in endpoint, which each see all messages."""
    public_access: bool = False
    """Devices report over the internet, without a private endpoint."""


class DeviceProvisioningSettings(Section):
    """Where a new device learns of its hub."""

    allocation: Literal["Hashed", "GeoLatency", "Static"] = "Hashed"
    """How a hub is chosen: evenly, the nearest, or as the enrolment says."""
    public_access: bool = False
    """Devices register over the internet, without a private endpoint."""


class ModuleSettings(Section):
    """One container on devices."""

    image: str | None = None
    """Image with tag or digest; this or `workspaceImage`."""
    workspace_image: str | None = None
    """The same without a registry: the image is in that of the workspace, where its models' images are."""
    create_options: dict[str, Any] = Field(default_factory=dict[str, Any])
    """Options of Docker's container create."""
    environment: dict[str, str] = Field(default_factory=dict)
    """Variables of the container, in plain text in the hub: secrets are refused, `${NAME}` is not."""
    desired_properties: dict[str, Any] = Field(default_factory=dict[str, Any])
    """The module's configuration, as desired properties of its twin."""
    restart: Literal["always", "on-failure", "on-unhealthy", "never"] = "always"
    """When it is started again."""
    startup_order: int | None = Field(default=None, ge=0)
    """Order of start, 0 first; last unless set."""

    @model_validator(mode="after")
    def _one_image(self) -> Self:
        if (self.image is None) == (self.workspace_image is None):
            raise ValueError("give either image, with its registry, or workspaceImage, which is in the workspace's own")
        return self


class RegistryVariables(Section):
    """Variables that hold what devices sign in to the workspace's registry with, when the manifest is applied."""

    username: str
    """Name of the variable of the user."""
    password: str
    """Name of the variable of the password."""


class DeploymentSettings(Section):
    """What a set of devices runs."""

    target_condition: str
    """Which devices get it, such as `tags.line='paint'`."""
    modules: dict[str, ModuleSettings] = Field(min_length=1)
    """Containers on each device, by the module's name."""
    routes: dict[str, str] | None = None
    """Ways of messages by name; all go to the hub unless set."""
    workspace_registry: RegistryVariables | None = None
    """How devices sign in to the workspace's registry; they do not unless set."""
    runtime: str = "1.5"
    """Version of IoT Edge's own two modules."""
    keep_seconds: int = 7200
    """Seconds that a device without connection keeps its messages."""
    priority: int = 10
    """The highest one wins where several deployments meet a device."""

    @model_validator(mode="after")
    def _can_pull(self) -> Self:
        pulled = [name for name, each in self.modules.items() if each.workspace_image is not None]
        if pulled and self.workspace_registry is None:
            raise ValueError(
                f"module {pulled[0]!r} has an image of the workspace's registry, which is private; add workspaceRegistry: "
                "{username: ACR_USER, password: ACR_PASSWORD}, names of variables that are filled in when it is applied"
            )
        return self


class EdgeSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=_STACK)
    """`<organization>/<project>/<stack>` of stage 0, or its `<stack>` alone; the stack of this environment unless set."""
    workspace_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 1; the stack of this environment and instance unless set."""
    arc_clusters: dict[str, ArcClusterSettings] = Field(default_factory=dict)
    """Clusters outside of Azure by a key that becomes part of their Azure name."""
    iot_hub: IotHubSettings | None = None
    """A hub where devices report; none unless set."""
    device_provisioning: DeviceProvisioningSettings | None = None
    """A service that registers devices at the hub; none unless set."""
    deployments: dict[str, DeploymentSettings] = Field(default_factory=dict)
    """What devices run, by the deployment's name in the hub."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""

    @model_validator(mode="after")
    def _devices_have_a_hub(self) -> Self:
        if self.iot_hub is None and (self.device_provisioning is not None or self.deployments):
            key = "deployments" if self.deployments else "deviceProvisioning"
            raise ValueError(f"{key} is for devices of this stage's hub; add iotHub ({{}} for the defaults)")
        return self
