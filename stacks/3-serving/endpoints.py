# SPDX-License-Identifier: Apache-2.0
"""Endpoints that accept Microsoft Entra ID tokens alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input
from settings import (
    DeploymentSettings,
    EndpointSettings,
    KubernetesEndpointSettings,
    OnlineEndpointSettings,
    ServerlessEndpointSettings,
)

import groundplan as gp
from groundplan.contracts import ComputeStage, Foundation, WorkspaceStage
from groundplan.errors import ContractError


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every endpoint is given."""

    foundation: Foundation
    workspace: WorkspaceStage
    names: gp.Names
    instance: str
    tags: Mapping[str, str]

    def name(self, kind: str, key: str) -> str:
        """Azure name of an endpoint of this instance; the region's endpoints share one space of names."""
        return self.names(kind, "-".join(part for part in (key, self.instance) if part))


def declare_online(context: Context, key: str, settings: OnlineEndpointSettings) -> gp.ManagedOnlineEndpoint:
    """A managed online endpoint, with its deployments or for releases that bring them."""
    return gp.ManagedOnlineEndpoint(
        key,
        gp.ManagedOnlineEndpointArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            workspace_name=context.workspace.workspace_name,
            endpoint_name=context.name("online_endpoint", key),
            description=settings.description or None,
            public_network_access=settings.public_access,
            deployments={name: _deployment(each) for name, each in settings.deployments.items()},
            traffic=settings.traffic,
            diagnostics=gp.Diagnostics(log_analytics_workspace_id=context.foundation.log_analytics_workspace_id),
            tags=context.tags,
        ),
    )


def _deployment(settings: DeploymentSettings) -> gp.ManagedDeployment:
    scaled = settings.autoscale
    rules = (
        {
            "busy": gp.ScaleRule(metric="cpu", above=scaled.add_above_cpu),
            "idle": gp.ScaleRule(metric="cpu", below=scaled.remove_below_cpu),
        }
        if scaled
        else {}
    )
    return gp.ManagedDeployment(
        model=settings.model,
        environment=settings.environment,
        code=settings.code,
        scoring_script=settings.scoring_script,
        instance_type=settings.instance_type,
        instance_count=settings.instance_count,
        autoscale=gp.Autoscale(minimum=scaled.minimum, maximum=scaled.maximum, rules=rules) if scaled else None,
    )


def declare_kubernetes(
    context: Context, key: str, settings: KubernetesEndpointSettings, compute: ComputeStage | None
) -> gp.KubernetesOnlineEndpoint:
    """An online endpoint on a cluster, for releases that bring its deployments."""
    return gp.KubernetesOnlineEndpoint(
        f"{key}-kubernetes",
        gp.KubernetesOnlineEndpointArgs(
            resource_group_name=context.workspace.resource_group_name,
            location=context.workspace.location,
            workspace_name=context.workspace.workspace_name,
            endpoint_name=context.name("online_endpoint", key),
            description=settings.description or None,
            compute_id=_compute_id(key, settings, compute),
            tags=context.tags,
        ),
    )


def _compute_id(key: str, settings: KubernetesEndpointSettings, compute: ComputeStage | None) -> Input[str]:
    """The compute that the settings mean; `ContractError` where `2-compute` has none of this key."""
    if settings.compute_id is not None:
        return settings.compute_id
    known, named = compute.kubernetes_ids if compute else {}, settings.compute or ""
    if named not in known:
        raise ContractError(
            f"kubernetesEndpoints.{key}.compute is {named!r}; 2-compute has attached: "
            f"{', '.join(sorted(known)) or 'none'}. Add it to aksClusters of 2-compute and bring that stack up"
        )
    return known[named]


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
