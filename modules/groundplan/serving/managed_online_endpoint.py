# SPDX-License-Identifier: Apache-2.0
"""A model behind an HTTPS address, on machines that Azure Machine Learning runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.attachments import attach
from groundplan.component import Component, child_id
from groundplan.errors import ArgumentError
from groundplan.serving.autoscale import MAX_INSTANCES, Autoscale, scale
from groundplan.serving.online_deployment import OnlineDeployment, properties_of
from groundplan.serving.online_endpoint import (
    OnlineEndpointArgs,
    check_endpoint,
    direct_traffic,
    make_endpoint,
    principal_of,
)

MAX_SECONDS = 180
"""Azure's limit for one request to a managed endpoint. Source: Microsoft's "Manage and increase quotas"."""


@dataclass(frozen=True, kw_only=True)
class ManagedDeployment(OnlineDeployment):
    """A version of a model on machines of its own, behind a managed online endpoint."""

    instance_type: Input[str]
    """Required. Size of each machine, e.g. `Standard_DS3_v2`. Its family needs quota for a fifth more machines than run."""
    instance_count: int = 1
    """Optional. Machines, 1 to 50; three survive the loss of a zone and an upgrade. Refused together with `autoscale`.
    Default: 1."""
    autoscale: Autoscale | None = None
    """Optional. Machines that come and go with the load. Default: as many as `instance_count`."""
    public_egress: bool = False
    """Optional. The container may call the internet and public Azure services. Default: no; it then reaches the workspace's
    registry, storage and vault through the workspace's private link."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.instance_count <= MAX_INSTANCES:
            raise ArgumentError(
                f"managed deployment: instance_count is {self.instance_count}; allowed are 1 to {MAX_INSTANCES}"
            )
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
    """Optional. Deployments by their Azure name, e.g. `blue`; at most 20. Default: none, for releases that bring them."""
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


class ManagedOnlineEndpoint(Component):
    """An online endpoint without keys or a way in from the internet, with its deployments, their scale and traffic.

    Example:
        ManagedOnlineEndpoint("scoring", ManagedOnlineEndpointArgs(
            resource_group_name=group.name, workspace_name=workspace.name,
            deployments={"blue": ManagedDeployment(model=model.id, instance_type="Standard_DS3_v2")},
            traffic={"blue": 100}))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    scoring_uri: Output[str]
    """Where requests go."""
    swagger_uri: Output[str]
    """Where the endpoint describes itself."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with user-assigned ones."""
    deployment_ids: Mapping[str, Output[str]]
    """ARM ids of the deployments by name."""

    def __init__(self, name: str, args: ManagedOnlineEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        endpoint = make_endpoint(self, name, args, kind="Managed", public_network_access=args.public_network_access)
        children: list[Resource] = []
        for key, deployment in args.deployments.items():
            made = self._deployment(name, key, deployment, endpoint, args)
            children.append(made)
            if deployment.autoscale is not None:
                children.append(self._scale(name, key, deployment.autoscale, endpoint, args, made))
        traffic = direct_traffic(
            self,
            name,
            args,
            endpoint,
            children,
            kind="Managed",
            mirror_traffic=args.mirror_traffic,
            public_network_access=args.public_network_access,
        )
        attach(
            self,
            name,
            endpoint.id,
            args,
            arm_type="Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
            after=[*children, traffic],
        )
        self.id = endpoint.id
        self.name = endpoint.name
        self.scoring_uri = endpoint.properties.scoring_uri
        self.swagger_uri = endpoint.properties.swagger_uri
        self.principal_id = principal_of(endpoint)
        self.deployment_ids = {key: child_id(endpoint.id, "deployments", key) for key in args.deployments}
        self.seal()

    def _deployment(
        self,
        name: str,
        key: str,
        deployment: ManagedDeployment,
        endpoint: ml.OnlineEndpoint,
        args: ManagedOnlineEndpointArgs,
    ) -> ml.OnlineDeployment:
        scaled = deployment.autoscale
        egress = None if args.workspace_managed_network else "Enabled" if deployment.public_egress else "Disabled"
        return ml.OnlineDeployment(
            f"{name}-{key}",
            deployment_name=key,
            endpoint_name=endpoint.name,
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="Managed",
            sku=ml.SkuArgs(name="Default", capacity=scaled.minimum if scaled else deployment.instance_count),
            properties=ml.ManagedOnlineDeploymentArgs(
                endpoint_compute_type="Managed",
                instance_type=deployment.instance_type,
                egress_public_network_access=egress,
                scale_settings=ml.DefaultScaleSettingsArgs(scale_type="Default"),
                **properties_of(deployment),
            ),
            tags={**args.tags, **deployment.tags},
            opts=self.child(
                ResourceOptions(
                    # the autoscaler has the say
                    ignore_changes=["sku.capacity"] if scaled else None,
                    # Azure refuses to delete what has traffic, but takes all deployments away with their endpoint
                    deleted_with=endpoint,
                )
            ),
        )

    def _scale(
        self,
        name: str,
        key: str,
        autoscale: Autoscale,
        endpoint: ml.OnlineEndpoint,
        args: ManagedOnlineEndpointArgs,
        deployment: ml.OnlineDeployment,
    ) -> Resource:
        return scale(
            self,
            f"{name}-{key}",
            autoscale,
            deployment_id=deployment.id,
            endpoint_id=endpoint.id,
            setting_name=f"{args.endpoint_name or name}-{key}",
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=args.tags,
        )
