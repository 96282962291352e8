# SPDX-License-Identifier: Apache-2.0
"""Stage 1: a private workspace, everything that it depends on, and if asked for a cluster and a budget."""

import pulumi
from contents import declare_contents
from dependencies import Context, declare_dependencies, declare_group
from pulumi_azure_native import authorization
from registry import declare_registry_link, registry_of
from settings import WorkspaceSettings
from workspace import declare_budget, declare_cluster, declare_workspace

import groundplan as gp
from groundplan.contract import StackName
from groundplan.contracts import Foundation, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return what later stages and users of the workspace need."""
    settings = WorkspaceSettings.load()
    foundation = await Foundation.find(settings.foundation_stack)
    hub = await WorkspaceStage.find(settings.hub_stack) if settings.hub_stack else None
    shared = await Foundation.find(settings.registry_stack, reference="registry") if settings.registry_stack else None
    client = authorization.get_client_config()
    context = Context(
        settings=settings,
        foundation=foundation,
        hub=hub,
        registry_id=registry_of(foundation, shared),
        instance=StackName.current().instance,
        names=gp.Names(
            project=foundation.project,
            environment=foundation.environment,
            subscription_id=client.subscription_id,
            overrides=settings.names,
        ),
    )
    context.group = declare_group(context)
    needs = declare_dependencies(context, client.tenant_id)
    workspace = declare_workspace(context, needs)
    cluster = declare_cluster(context, needs, workspace)
    declare_contents(context, needs, workspace)
    declare_budget(context)
    declare_registry_link(context, shared)
    return WorkspaceStage(
        kind=settings.kind,
        location=foundation.location,
        subscription_id=client.subscription_id,
        resource_group_name=context.group.name,
        workspace_name=workspace.name,
        workspace_id=workspace.id,
        cluster_name=cluster.name if cluster else None,
        ml_registry_id=context.registry_id,
        training_identity_id=needs.training_identity.id,
        training_identity_client_id=needs.training_identity.client_id,
        training_identity_principal_id=needs.training_identity.principal_id,
        **needs.neighbours,
    ).outputs()


pulumi.run(main)
