# SPDX-License-Identifier: Apache-2.0
"""What managed online endpoints and those on Kubernetes have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import ResourceArgs
from groundplan.naming import check_name
from groundplan.serving.traffic import check_mirror, check_traffic, direct

MAX_DEPLOYMENTS = 20
"""Azure's limit for one endpoint. Source: Microsoft's "Manage and increase quotas"."""


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
    if len(deployments) > MAX_DEPLOYMENTS:
        raise ArgumentError(
            f"online endpoint: there are {len(deployments)} deployments; allowed are at most {MAX_DEPLOYMENTS}"
        )
    for key in deployments:
        check_name("online_deployment", key)
    if args.traffic is not None:
        check_traffic("online endpoint", args.traffic, deployments)
    if mirror_traffic:
        if args.traffic is None:
            raise ArgumentError("online endpoint: mirror_traffic needs traffic, which it copies; give both")
        check_mirror("online endpoint", mirror_traffic, args.traffic, deployments)


def make_endpoint(
    component: Component,
    name: str,
    args: OnlineEndpointArgs,
    *,
    kind: str,
    public_network_access: bool,
    compute: Input[str] | None = None,
) -> ml.OnlineEndpoint:
    """The endpoint itself, without traffic."""
    return ml.OnlineEndpoint(
        name,
        endpoint_name=check_name("online_endpoint", args.endpoint_name or name),
        workspace_name=args.workspace_name,
        resource_group_name=args.resource_group_name,
        location=args.location,
        kind=kind,
        identity=ml.ManagedServiceIdentityArgs(type="UserAssigned", user_assigned_identities=[*args.identity_ids])
        if args.identity_ids
        else ml.ManagedServiceIdentityArgs(type="SystemAssigned"),
        properties=ml.OnlineEndpointPropertiesArgs(
            auth_mode=_auth_mode(args),
            compute=compute,
            description=args.description,
            properties=args.extra_properties,
            public_network_access=_access(public_network_access),
        ),
        tags=args.tags,
        opts=component.child(
            ResourceOptions(
                # the traffic resource or a release sets them, once the deployments are there
                ignore_changes=["properties.traffic", "properties.mirrorTraffic"],
                replace_on_changes=["properties.authMode", "properties.compute", "properties.properties"],
                delete_before_replace=True,  # the name cannot be held twice
            )
        ),
    )


def direct_traffic(
    component: Component,
    name: str,
    args: OnlineEndpointArgs,
    endpoint: ml.OnlineEndpoint,
    deployments: Sequence[Resource],
    *,
    kind: str,
    public_network_access: bool,
    mirror_traffic: Mapping[str, int] | None = None,
    compute: Input[str] | None = None,
) -> Resource | None:
    """Give the endpoint its traffic, if the arguments say which."""
    if args.traffic is None:
        return None
    properties: dict[str, Any] = {
        "authMode": _auth_mode(args),
        "compute": compute,
        "description": args.description,
        "properties": args.extra_properties,
        "publicNetworkAccess": _access(public_network_access),
        "traffic": dict(args.traffic),
        "mirrorTraffic": dict(mirror_traffic or {}),
    }
    ids = Output.all(*args.identity_ids)
    body = {
        "kind": kind,
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
        component,
        name,
        deployment_name=f"{args.endpoint_name or name}-traffic",
        resource_group_name=args.resource_group_name,
        endpoint_name=Output.concat(args.workspace_name, "/", endpoint.name),
        endpoint=body,
        after=deployments,
    )


def principal_of(endpoint: ml.OnlineEndpoint) -> Output[str]:
    """Object id of the system-assigned identity; empty without one."""
    return endpoint.identity.apply(lambda identity: (identity.principal_id or "") if identity else "")


def _auth_mode(args: OnlineEndpointArgs) -> str:
    return "Key" if args.key_authentication else args.authentication


def _access(public: bool) -> str:
    return "Enabled" if public else "Disabled"
