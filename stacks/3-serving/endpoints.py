# SPDX-License-Identifier: Apache-2.0
"""Endpoints that accept Microsoft Entra ID tokens alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from settings import EndpointSettings, OnlineEndpointSettings, ServerlessEndpointSettings

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


def declare_online(context: Context, key: str, settings: OnlineEndpointSettings) -> gp.ManagedOnlineEndpoint:
    """A managed online endpoint, for releases that bring its deployments."""
    return gp.ManagedOnlineEndpoint(
        key,
        gp.ManagedOnlineEndpointArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            workspace_name=context.workspace.workspace_name,
            endpoint_name=context.name("online_endpoint", key),
            description=settings.description or None,
            public_network_access=settings.public_access,
            tags=context.tags,
        ),
    )


def declare_batch(context: Context, key: str, settings: EndpointSettings) -> gp.BatchEndpoint:
    """A batch endpoint, for releases that bring its deployments."""
    return gp.BatchEndpoint(
        f"{key}-batch",
        gp.BatchEndpointArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            workspace_name=context.workspace.workspace_name,
            endpoint_name=context.name("batch_endpoint", key),
            description=settings.description or None,
            tags=context.tags,
        ),
    )


def declare_serverless(context: Context, key: str, settings: ServerlessEndpointSettings) -> gp.ServerlessEndpoint:
    """A model of the catalogue, paid by the token."""
    return gp.ServerlessEndpoint(
        f"{key}-serverless",
        gp.ServerlessEndpointArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            workspace_name=context.workspace.workspace_name,
            endpoint_name=context.name("serverless_endpoint", key),
            model=settings.model,
            marketplace_subscription=f"{key}-offer" if settings.marketplace else None,
            content_safety=settings.content_safety,
            tags=context.tags,
        ),
    )
