# SPDX-License-Identifier: Apache-2.0
"""A model behind an HTTPS address, on a Kubernetes cluster that is attached to the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pulumi import Input, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.errors import ArgumentError
from groundplan.serving.online_deployment import OnlineDeployment, properties_of
from groundplan.serving.online_endpoint import EndpointSettings, OnlineEndpoint, OnlineEndpointArgs, check_endpoint

MAX_SECONDS: Final = 300
"""Azure's limit for one request. Source: Microsoft's "Manage and increase quotas"."""

MAX_NAMES: Final = 62
"""Azure's limit for the names of endpoint and deployment together, in characters. Source: the same."""


@dataclass(frozen=True, kw_only=True)
class UtilizationScale:
    """Containers that come and go with the share of them that is busy; Azure ML's own autoscaler in the cluster does it."""

    minimum: int = 1
    """Optional. Fewest containers. Default: 1."""
    maximum: int
    """Required. Most containers."""
    target_percent: int = 70
    """Optional. Share of busy containers that the autoscaler aims at, 1 to 100. Default: 70."""
    polling_seconds: int = 10
    """Optional. Seconds between two looks. Default: 10."""

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.maximum or self.maximum < 1:
            raise ArgumentError(
                f"utilization scale: minimum is {self.minimum} and maximum is {self.maximum}; "
                "allowed are 0 <= minimum <= maximum, with maximum at least 1"
            )
        if not 1 <= self.target_percent <= 100:
            raise ArgumentError(f"utilization scale: target_percent is {self.target_percent}; allowed are 1 to 100")
        if self.polling_seconds < 1:
            raise ArgumentError(f"utilization scale: polling_seconds is {self.polling_seconds}; allowed are 1 and more")


@dataclass(frozen=True, kw_only=True)
class ContainerSize:
    """What one container gets of its node, in Kubernetes' words."""

    cpu: str
    """Required. CPU cores, e.g. `1` or `500m`."""
    memory: str
    """Required. Memory, e.g. `2Gi`."""
    gpu: str | None = None
    """Optional. GPUs, e.g. `1`. Default: none."""


@dataclass(frozen=True, kw_only=True)
class KubernetesDeployment(OnlineDeployment):
    """A version of a model in containers of a cluster, behind a Kubernetes online endpoint."""

    instance_type: str | None = None
    """Optional. Name of an instance type of the cluster: a kind of node and its limits. Default: the cluster's default one."""
    instance_count: int = 1
    """Optional. Containers. Refused together with `scale`. Default: 1."""
    scale: UtilizationScale | None = None
    """Optional. Containers that come and go with the load. Default: as many as `instance_count`."""
    requested: ContainerSize | None = None
    """Optional. What each container is sure to get. Default: that of the instance type."""
    limit: ContainerSize | None = None
    """Optional. What each container can get at most. Default: that of the instance type."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.instance_count < 1:
            raise ArgumentError(
                f"kubernetes deployment: instance_count is {self.instance_count}; allowed are 1 and more"
            )
        if self.scale is not None and self.instance_count != 1:
            raise ArgumentError(
                f"kubernetes deployment: instance_count is {self.instance_count} and scale is given; "
                "drop instance_count and set UtilizationScale.minimum"
            )
        if self.requests is not None and self.requests.timeout_seconds > MAX_SECONDS:
            raise ArgumentError(
                f"kubernetes deployment: timeout_seconds is {self.requests.timeout_seconds}; allowed are up to {MAX_SECONDS}"
            )


@dataclass(frozen=True, kw_only=True)
class KubernetesOnlineEndpointArgs(OnlineEndpointArgs):
    """Arguments of `KubernetesOnlineEndpoint`."""

    compute_id: Input[str]
    """Required. ARM id of the workspace's Kubernetes compute, whose namespace runs the containers. A change replaces the
    endpoint."""
    deployments: Mapping[str, KubernetesDeployment] = field(default_factory=dict[str, KubernetesDeployment])
    """Optional. Deployments by their Azure name, e.g. `blue`; at most 20. Default: none, for releases that bring them."""

    def __post_init__(self) -> None:
        check_endpoint(self, [*self.deployments])


class KubernetesOnlineEndpoint(OnlineEndpoint):
    """An online endpoint without keys on a cluster of one's own, with its deployments, their scale and traffic.

    Example:
        KubernetesOnlineEndpoint("scoring", KubernetesOnlineEndpointArgs(
            resource_group_name=group.name, workspace_name=workspace.name, compute_id=compute.id,
            deployments={"blue": KubernetesDeployment(model=model.id, instance_type="small")}, traffic={"blue": 100}))
    """

    def __init__(self, name: str, args: KubernetesOnlineEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        _check_lengths(args.endpoint_name or name, args)
        # who reaches the cluster reaches the endpoint: the flag opens nothing here, and the SDK would send Enabled
        settings = EndpointSettings(kind="Kubernetes", compute=args.compute_id, public_network_access=False)
        endpoint = self._endpoint(name, args, settings)
        deployments = {key: [self._deploy(name, key, each, endpoint, args)] for key, each in args.deployments.items()}
        self._open(name, args, settings, endpoint, deployments)

    def _deploy(
        self,
        name: str,
        key: str,
        deployment: KubernetesDeployment,
        endpoint: ml.OnlineEndpoint,
        args: KubernetesOnlineEndpointArgs,
    ) -> Resource:
        scaled = deployment.scale
        return self._deployment(
            name,
            key,
            deployment,
            endpoint,
            args,
            kind="Kubernetes",
            capacity=max(scaled.minimum, 1) if scaled else deployment.instance_count,
            scaled=scaled is not None,
            properties=ml.KubernetesOnlineDeploymentArgs(
                endpoint_compute_type="Kubernetes",
                instance_type=deployment.instance_type,
                scale_settings=_scale(scaled),
                container_resource_requirements=_sizes(deployment),
                **properties_of(deployment),
            ),
        )


def _check_lengths(endpoint_name: str, args: KubernetesOnlineEndpointArgs) -> None:
    for key in args.deployments:
        if (length := len(endpoint_name) + len(key)) > MAX_NAMES:
            raise ArgumentError(
                f"kubernetes online endpoint: {endpoint_name!r} and its deployment {key!r} have {length} characters together; "
                f"allowed are {MAX_NAMES}, because Kubernetes joins them to one name"
            )


def _scale(
    scale: UtilizationScale | None,
) -> ml.DefaultScaleSettingsArgs | ml.TargetUtilizationScaleSettingsArgs:
    if scale is None:
        return ml.DefaultScaleSettingsArgs(scale_type="Default")
    return ml.TargetUtilizationScaleSettingsArgs(
        scale_type="TargetUtilization",
        min_instances=scale.minimum,
        max_instances=scale.maximum,
        target_utilization_percentage=scale.target_percent,
        polling_interval=f"PT{scale.polling_seconds}S",
    )


def _sizes(deployment: KubernetesDeployment) -> ml.ContainerResourceRequirementsArgs | None:
    if deployment.requested is None and deployment.limit is None:
        return None
    return ml.ContainerResourceRequirementsArgs(
        container_resource_requests=_size(deployment.requested), container_resource_limits=_size(deployment.limit)
    )


def _size(size: ContainerSize | None) -> ml.ContainerResourceSettingsArgs | None:
    return None if size is None else ml.ContainerResourceSettingsArgs(cpu=size.cpu, memory=size.memory, gpu=size.gpu)
