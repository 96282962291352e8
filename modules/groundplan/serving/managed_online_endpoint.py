# SPDX-License-Identifier: Apache-2.0
"""A model behind an HTTPS address, on machines that Azure Machine Learning runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.errors import ArgumentError
from groundplan.serving.autoscale import Autoscale, scale
from groundplan.serving.online_deployment import OnlineDeployment, properties_of
from groundplan.serving.online_endpoint import EndpointSettings, OnlineEndpoint, OnlineEndpointArgs, check_endpoint

MAX_SECONDS = 300
"""Azure's limit for one request to a deployment of prompt flow; 180 for all others, which no argument tells apart.

Source: learn.microsoft.com/azure/machine-learning/how-to-manage-quotas."""


@dataclass(frozen=True, kw_only=True)
class ManagedDeployment(OnlineDeployment):
    """A version of a model on machines of its own, behind a managed online endpoint."""

    instance_type: Input[str]
    """Required. Size of each machine, e.g. `Standard_DS3_v2`. Its family needs quota for a fifth more machines than run."""
    instance_count: int = 1
    """Optional. Machines, up to 50 unless Azure has raised the limit; three survive the loss of a zone and an upgrade. Refused
    together with `autoscale`. Default: 1."""
    autoscale: Autoscale | None = None
    """Optional. Machines that come and go with the load. Default: as many as `instance_count`."""
    public_egress: bool = False
    """Optional. The container may call the internet and public Azure services. Default: no; it then reaches the workspace's
    registry, storage and vault through the workspace's private link."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.instance_count < 1:
            raise ArgumentError(f"managed deployment: instance_count is {self.instance_count}; allowed are 1 and more")
        if self.autoscale is not None and self.instance_count != 1:
            raise ArgumentError(
                f"managed deployment: instance_count is {self.instance_count} and autoscale is given; "
                "drop instance_count and set Autoscale.minimum"
            )
        if self.requests is not None and self.requests.timeout_seconds > MAX_SECONDS:
            raise ArgumentError(
                f"managed deployment: timeout_seconds is {self.requests.timeout_seconds}; allowed are up to {MAX_SECONDS}"
            )


@dataclass(frozen=True, kw_only=True)
class ManagedOnlineEndpointArgs(OnlineEndpointArgs):
    """Arguments of `ManagedOnlineEndpoint`."""

    deployments: Mapping[str, ManagedDeployment] = field(default_factory=dict[str, ManagedDeployment])
    """Optional. Deployments by their Azure name, e.g. `blue`; at most 20, unless Azure has raised the limit. Default: none, for
    releases that bring them."""
    mirror_traffic: Mapping[str, int] = field(default_factory=dict[str, int])
    """Optional. Percent of the requests, up to 50, that one deployment gets as a copy without answering. Default: none."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no; callers come through the workspace's private endpoint."""
    workspace_managed_network: bool = False
    """Optional. The workspace has a managed network, which decides what deployments may call; `public_egress` is then refused.
    Default: no."""

    def __post_init__(self) -> None:
        check_endpoint(self, [*self.deployments], self.mirror_traffic)
        for key, deployment in self.deployments.items():
            if deployment.public_egress and self.workspace_managed_network:
                raise ArgumentError(
                    f"managed online endpoint: deployment {key!r} has public_egress, but the workspace's managed network decides; "
                    "drop public_egress and add an outbound rule to the workspace"
                )


class ManagedOnlineEndpoint(OnlineEndpoint):
    """An online endpoint without keys or a way in from the internet, with its deployments, their scale and traffic.

    Example:
        ManagedOnlineEndpoint("scoring", ManagedOnlineEndpointArgs(
            resource_group_name=group.name, workspace_name=workspace.name,
            deployments={"blue": ManagedDeployment(model=model.id, instance_type="Standard_DS3_v2")},
            traffic={"blue": 100}))
    """

    def __init__(self, name: str, args: ManagedOnlineEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        settings = EndpointSettings(
            kind="Managed", public_network_access=args.public_network_access, mirror_traffic=args.mirror_traffic
        )
        endpoint = self._endpoint(name, args, settings)
        deployments = {key: self._deploy(name, key, each, endpoint, args) for key, each in args.deployments.items()}
        self._open(name, args, settings, endpoint, deployments)

    def _deploy(
        self,
        name: str,
        key: str,
        deployment: ManagedDeployment,
        endpoint: ml.OnlineEndpoint,
        args: ManagedOnlineEndpointArgs,
    ) -> list[Resource]:
        scaled = deployment.autoscale
        egress = None if args.workspace_managed_network else "Enabled" if deployment.public_egress else "Disabled"
        made = self._deployment(
            name,
            key,
            deployment,
            endpoint,
            args,
            kind="Managed",
            capacity=scaled.minimum if scaled else deployment.instance_count,
            scaled=scaled is not None,
            properties=ml.ManagedOnlineDeploymentArgs(
                endpoint_compute_type="Managed",
                instance_type=deployment.instance_type,
                egress_public_network_access=egress,
                scale_settings=ml.DefaultScaleSettingsArgs(scale_type="Default"),
                **properties_of(deployment),
            ),
        )
        if scaled is None:
            return [made]
        return [
            made,
            scale(
                self,
                f"{name}-{key}",
                scaled,
                deployment_id=made.id,
                endpoint_id=endpoint.id,
                setting_name=f"{args.endpoint_name or name}-{key}",
                resource_group_name=args.resource_group_name,
                location=args.location,
                tags=args.tags,
            ),
        ]
