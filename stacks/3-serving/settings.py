# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from collections import Counter
from typing import Annotated, Self

from pydantic import Field, model_validator

from groundplan.config import Section, Settings, arm_id

_STACK = r"^([^/]+/[^/]+/)?[^/]+$"


class EndpointSettings(Section):
    """One endpoint."""

    description: str = ""
    """Text shown in the studio."""


class AutoscaleSettings(Section):
    """Machines that come and go with the load."""

    minimum: int = Field(ge=1, le=50)
    """Fewest machines; three survive the loss of a zone."""
    maximum: int = Field(ge=1, le=50)
    """Most machines: the cost limit."""
    add_above_cpu: float = Field(default=70, gt=0, le=100)
    """Percent of the processors above which a machine is added."""
    remove_below_cpu: float = Field(default=30, gt=0, le=100)
    """Percent of the processors below which one is taken away."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError(f"minimum is {self.minimum} and maximum is {self.maximum}; give minimum <= maximum")
        if self.remove_below_cpu >= self.add_above_cpu:
            raise ValueError(
                f"removeBelowCpu is {self.remove_below_cpu:g} and addAboveCpu is {self.add_above_cpu:g}: machines would come and "
                "go without end; give removeBelowCpu < addAboveCpu"
            )
        return self


class DeploymentSettings(Section):
    """A version of a model behind a managed online endpoint."""

    model: str
    """ARM id, or `azureml://registries/<registry>/models/<name>/versions/<version>`."""
    environment: str | None = None
    """The same of the environment; not needed for a model of MLflow."""
    code: str | None = None
    """The same of the code version with the scoring script."""
    scoring_script: str | None = None
    """Path of the scoring script within the code."""
    instance_type: str
    """Size of each machine."""
    instance_count: int = Field(default=1, ge=1, le=50)
    """Machines; leave it out with `autoscale`."""
    autoscale: AutoscaleSettings | None = None
    """Machines that come and go with the load."""

    @model_validator(mode="after")
    def _one_way_to_count(self) -> Self:
        if self.autoscale is not None and self.instance_count != 1:
            raise ValueError(f"instanceCount is {self.instance_count} beside autoscale; leave it out and set minimum")
        return self


class OnlineEndpointSettings(EndpointSettings):
    """One managed online endpoint."""

    public_access: bool = False
    """Reachable from the internet; otherwise through the workspace's private endpoint alone."""
    deployments: dict[str, DeploymentSettings] = Field(default_factory=dict)
    """Deployments by their Azure name, where they are infrastructure; releases bring them unless set."""
    traffic: dict[str, int] | None = None
    """Percent of the requests for each of the `deployments`; left to releases unless set."""


class KubernetesEndpointSettings(EndpointSettings):
    """One online endpoint on a cluster."""

    compute: str | None = None
    """Key of the cluster in `aksClusters` of `2-compute`."""
    compute_id: Annotated[str, arm_id("Microsoft.MachineLearningServices/workspaces/computes")] | None = None
    """ARM id of another Kubernetes compute of the workspace."""

    @model_validator(mode="after")
    def _one_compute(self) -> Self:
        if (self.compute is None) == (self.compute_id is None):
            raise ValueError("give either compute, the key of a cluster of 2-compute, or computeId")
        return self


class ServerlessEndpointSettings(Section):
    """One model of the catalogue as a service."""

    model: str
    """Registry path without a version: `azureml://registries/<registry>/models/<name>`; a change replaces the endpoint."""
    marketplace: bool = False
    """The model is sold through Azure Marketplace: subscribe to its offer, which accepts the publisher's terms."""
    content_safety: bool = True
    """Filter harmful text out of requests and answers."""


class PrivateOriginSettings(Section):
    """A host that Front Door reaches over a private endpoint of its own, which the owner approves once."""

    host_name: str = Field(pattern=r"^[A-Za-z0-9.-]+$")
    """Name of the host, which its certificate has."""
    private_link_service_id: Annotated[str, arm_id("Microsoft.Network/privateLinkServices")]
    """ARM id of the private link service in front of the load balancer, such as that of a cluster's inference router."""


class FirewallSettings(Section):
    """Rules of the web application firewall beside Microsoft's managed ones."""

    detection_only: bool = False
    """Log what the rules find and let it pass."""
    allowed_addresses: list[str] = Field(default_factory=list)
    """CIDR blocks of the only clients that may come in; any client unless set."""
    requests_per_minute: int | None = Field(default=None, ge=1)
    """Requests that one client address may make in a minute; no limit unless set."""


class EntrySettings(Section):
    """A public address with a web application firewall (Azure Front Door)."""

    endpoint: str | None = None
    """Key of the online endpoint that answers; its `publicAccess` must be on."""
    private_origin: PrivateOriginSettings | None = None
    """A host without a public address that answers instead."""
    paths: list[str] = Field(default=["/score"], min_length=1)
    """Paths that are let through."""
    domains: dict[str, str] = Field(default_factory=dict)
    """Host names of one's own, by a key that becomes their Azure name; only Azure's unless set."""
    firewall: FirewallSettings = FirewallSettings()

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.endpoint is None) == (self.private_origin is None):
            raise ValueError("give either endpoint, the key of a public online endpoint, or privateOrigin")
        return self


class ServingSettings(Settings):
    """The whole configuration."""

    foundation_stack: str | None = Field(default=None, pattern=_STACK)
    """`<organization>/<project>/<stack>` of stage 0, or its `<stack>` alone; the stack of this environment unless set."""
    workspace_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 1; the stack of this environment and instance unless set."""
    compute_stack: str | None = Field(default=None, pattern=_STACK)
    """The same of stage 2, where a Kubernetes endpoint names a `compute` of it."""
    online_endpoints: dict[str, OnlineEndpointSettings] = Field(default_factory=dict)
    """Managed online endpoints by a key that becomes part of their Azure name."""
    kubernetes_endpoints: dict[str, KubernetesEndpointSettings] = Field(default_factory=dict)
    """Online endpoints on clusters by a key that becomes part of their Azure name."""
    batch_endpoints: dict[str, EndpointSettings] = Field(default_factory=dict)
    """Batch endpoints by a key that becomes part of their Azure name."""
    serverless_endpoints: dict[str, ServerlessEndpointSettings] = Field(default_factory=dict)
    """Models as a service by a key that becomes part of their Azure name."""
    entry: EntrySettings | None = None
    """A public entry with a firewall; none unless set."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        every = (self.online_endpoints, self.kubernetes_endpoints, self.batch_endpoints, self.serverless_endpoints)
        counts = Counter(key for each in every for key in each)
        if twice := sorted(key for key, count in counts.items() if count > 1):
            raise ValueError(
                f"the key {twice[0]!r} is that of several endpoints, whose addresses are exported by key; rename all but one"
            )
        return self

    @model_validator(mode="after")
    def _entry_leads_somewhere(self) -> Self:
        key = self.entry.endpoint if self.entry else None
        if key is None:
            return self
        if key not in self.online_endpoints:
            known = ", ".join(self.online_endpoints) or "none"
            raise ValueError(f"entry.endpoint is {key!r}, which is no key of onlineEndpoints; there are: {known}")
        if not self.online_endpoints[key].public_access:
            raise ValueError(
                f"entry.endpoint is {key!r}, which is closed to the internet, over which Front Door reaches it: set "
                f"onlineEndpoints.{key}.publicAccess, or give a privateOrigin"
            )
        return self
