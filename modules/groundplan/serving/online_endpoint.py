# SPDX-License-Identifier: Apache-2.0
"""What managed online endpoints and those on Kubernetes have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.attachments import attach
from groundplan.component import Component, child_id
from groundplan.errors import ArgumentError
from groundplan.identities import acts_as, principal_of
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name
from groundplan.serving.online_deployment import OnlineDeployment
from groundplan.serving.traffic import check_mirror, check_traffic, direct


@dataclass(frozen=True, kw_only=True)
class OnlineEndpointArgs(ResourceArgs):
    """Arguments that every online endpoint takes."""

    workspace_name: Input[str]
    """Required. Azure name of the workspace."""
    traffic: Mapping[str, int] | None = None
    """Optional. Percent of the requests for each deployment, with a sum of 0 or 100. Default: not managed here, for releases
    that shift traffic themselves."""
    authentication: Literal["AADToken", "AMLToken"] = "AADToken"
    """Optional. What callers show: a token of Microsoft Entra ID, or one that the endpoint gives out for 8 hours. A change
    replaces the endpoint. Default: Microsoft Entra ID."""
    key_authentication: bool = False
    """Optional. Callers show a key that never expires, instead of a token. A change replaces the endpoint. Default: no."""
    identity_ids: tuple[Input[str], ...] = ()
    """Optional. ARM ids of user-assigned identities, as which deployments read the registry, the storage account and what the
    scoring script needs. Default: a system-assigned identity, which Azure gives the first two."""
    endpoint_name: str | None = None
    """Optional. Azure name, unique within the region. Default: the component's name."""
    description: Input[str] | None = None
    """Optional. Text shown in the studio. Default: none."""
    extra_properties: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Properties by which tools find the endpoint, in plain text; they cannot change later. Default: none."""


def check_endpoint(
    args: OnlineEndpointArgs, deployments: Sequence[str], mirror_traffic: Mapping[str, int] | None = None
) -> None:
    """Refuse what no online endpoint can have."""
    if args.key_authentication and args.authentication != "AADToken":
        raise ArgumentError(
            f"online endpoint: authentication is {args.authentication!r} and key_authentication is set; choose one"
        )
    for key in deployments:
        check_name("online_deployment", key)
    if args.traffic is not None:
        check_traffic("online endpoint", args.traffic, deployments)
    if mirror_traffic:
        if args.traffic is None:
            raise ArgumentError("online endpoint: mirror_traffic needs traffic, which it copies; give both")
        check_mirror("online endpoint", mirror_traffic, args.traffic, deployments)


@dataclass(frozen=True, kw_only=True)
class EndpointSettings:
    """What the two kinds of endpoints differ in."""

    kind: Literal["Managed", "Kubernetes"]
    public_network_access: bool
    compute: Input[str] | None = None
    mirror_traffic: Mapping[str, int] = field(default_factory=dict[str, int])


class OnlineEndpoint(Component):
    """The base of `ManagedOnlineEndpoint` and `KubernetesOnlineEndpoint`."""

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    scoring_uri: Output[str]
    """Where requests go; on Kubernetes the cluster's own load balancer."""
    swagger_uri: Output[str]
    """Where the endpoint describes itself."""
    principal_id: Output[str]
    """Object id of the system-assigned identity; empty with user-assigned ones."""
    deployment_ids: Mapping[str, Output[str]]
    """ARM ids of the deployments by name."""

    def _endpoint(self, name: str, args: OnlineEndpointArgs, settings: EndpointSettings) -> ml.OnlineEndpoint:
        """The endpoint itself, without traffic."""
        return ml.OnlineEndpoint(
            name,
            endpoint_name=check_name("online_endpoint", args.endpoint_name or name),
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind=settings.kind,
            identity=acts_as(args.identity_ids),
            properties=ml.OnlineEndpointPropertiesArgs(
                auth_mode=_auth_mode(args),
                compute=settings.compute,
                description=args.description,
                properties=args.extra_properties,
                public_network_access=_access(settings),
            ),
            tags=args.tags,
            opts=self.child(
                ResourceOptions(
                    # the traffic resource or a release sets them, once the deployments are there
                    ignore_changes=["properties.traffic", "properties.mirrorTraffic"],
                    replace_on_changes=["properties.authMode", "properties.compute", "properties.properties"],
                    delete_before_replace=True,  # the name cannot be held twice
                )
            ),
        )

    def _deployment(
        self,
        name: str,
        key: str,
        deployment: OnlineDeployment,
        endpoint: ml.OnlineEndpoint,
        args: OnlineEndpointArgs,
        *,
        kind: str,
        capacity: int,
        scaled: bool,
        properties: Any,
    ) -> ml.OnlineDeployment:
        """A deployment with the properties of its kind; whether it is `scaled`, the autoscaler has the say on its capacity."""
        return ml.OnlineDeployment(
            f"{name}-{key}",
            deployment_name=key,
            endpoint_name=endpoint.name,
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind=kind,
            sku=ml.SkuArgs(name="Default", capacity=capacity),
            properties=properties,
            tags={**args.tags, **deployment.tags},
            opts=self.child(
                ResourceOptions(
                    ignore_changes=["sku.capacity"] if scaled else None,
                    # Azure refuses to delete what has traffic, but takes all deployments away with their endpoint
                    deleted_with=endpoint,
                )
            ),
        )

    def _open(
        self,
        name: str,
        args: OnlineEndpointArgs,
        settings: EndpointSettings,
        endpoint: ml.OnlineEndpoint,
        deployments: Mapping[str, Sequence[Resource]],
    ) -> None:
        """Direct the traffic, attach what the arguments ask for, give out the outputs.

        `deployments` are the resources of each, by its name.
        """
        children = [each for made in deployments.values() for each in made]
        traffic = self._direct(name, args, settings, endpoint, children)
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
        self.principal_id = principal_of(endpoint.identity)
        self.deployment_ids = {key: child_id(endpoint.id, "deployments", key) for key in deployments}
        self.seal()

    def _direct(
        self,
        name: str,
        args: OnlineEndpointArgs,
        settings: EndpointSettings,
        endpoint: ml.OnlineEndpoint,
        after: Sequence[Resource],
    ) -> Resource | None:
        """Give the endpoint its traffic, if the arguments say which."""
        if args.traffic is None:
            return None
        properties: dict[str, Any] = {
            "authMode": _auth_mode(args),
            "compute": settings.compute,
            "description": args.description,
            "properties": args.extra_properties,
            "publicNetworkAccess": _access(settings),
            "traffic": dict(args.traffic),
            "mirrorTraffic": dict(settings.mirror_traffic),
        }
        ids = Output.all(*args.identity_ids)
        body = {
            "kind": settings.kind,
            "location": endpoint.location,
            "identity": {
                "type": "UserAssigned",
                "userAssignedIdentities": ids.apply(lambda each: {key: {} for key in each}),
            }
            if args.identity_ids
            else {"type": "SystemAssigned"},
            "tags": args.tags,
            "properties": {key: value for key, value in properties.items() if value is not None},
        }
        return direct(
            self,
            name,
            deployment_name=f"{args.endpoint_name or name}-traffic",
            resource_group_name=args.resource_group_name,
            endpoint_name=Output.concat(args.workspace_name, "/", endpoint.name),
            endpoint=body,
            after=after,
        )


def _auth_mode(args: OnlineEndpointArgs) -> str:
    return "Key" if args.key_authentication else args.authentication


def _access(settings: EndpointSettings) -> str:
    return "Enabled" if settings.public_network_access else "Disabled"
