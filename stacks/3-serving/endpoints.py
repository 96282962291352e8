# SPDX-License-Identifier: Apache-2.0
"""Endpoints that accept Microsoft Entra ID tokens alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ResourceOptions
from pulumi_azure_native import machinelearningservices as ml
from settings import EndpointSettings, OnlineEndpointSettings

import groundplan as gp
from groundplan.contracts import WorkspaceStage


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every endpoint is given."""

    workspace: WorkspaceStage
    names: gp.Names
    instance: str
    tags: Mapping[str, str]

    def name(self, kind: str, key: str) -> str:
        """Azure name of an endpoint of this instance; the region's endpoints share one space of names."""
        return self.names(kind, "-".join(part for part in (key, self.instance) if part))


def declare_online(context: Context, key: str, settings: OnlineEndpointSettings) -> ml.OnlineEndpoint:
    """A managed online endpoint."""
    return ml.OnlineEndpoint(
        key,
        endpoint_name=context.name("online_endpoint", key),
        resource_group_name=context.workspace.resource_group_name,
        workspace_name=context.workspace.workspace_name,
        location=context.workspace.location,
        identity=ml.ManagedServiceIdentityArgs(type="SystemAssigned"),
        properties=ml.OnlineEndpointPropertiesArgs(
            auth_mode="AADToken",
            description=settings.description or None,
            public_network_access="Enabled" if settings.public_access else "Disabled",
        ),
        tags=context.tags,
        # the share of requests that each deployment gets is a release's to decide
        opts=ResourceOptions(ignore_changes=["properties.traffic"]),
    )


def declare_batch(context: Context, key: str, settings: EndpointSettings) -> ml.BatchEndpoint:
    """A batch endpoint."""
    return ml.BatchEndpoint(
        f"{key}-batch",
        endpoint_name=context.name("batch_endpoint", key),
        resource_group_name=context.workspace.resource_group_name,
        workspace_name=context.workspace.workspace_name,
        location=context.workspace.location,
        identity=ml.ManagedServiceIdentityArgs(type="SystemAssigned"),
        properties=ml.BatchEndpointPropertiesArgs(auth_mode="AADToken", description=settings.description or None),
        tags=context.tags,
        opts=ResourceOptions(ignore_changes=["properties.defaults"]),
    )
