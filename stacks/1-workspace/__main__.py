# SPDX-License-Identifier: Apache-2.0
"""Stage 1: a private workspace, everything that it depends on, a CPU cluster and a budget."""

import pulumi
from dependencies import Context, declare_dependencies
from pulumi_azure_native import authorization, resources
from settings import WorkspaceSettings
from workspace import declare_budget, declare_cluster, declare_workspace

import groundplan as gp
from groundplan.contracts import Foundation, sibling


async def main() -> pulumi.Inputs:
    """Declare the stage and return what users of the workspace need."""
    settings = WorkspaceSettings.load()
    foundation = await Foundation.read(settings.foundation_stack or sibling("groundplan-foundation"))
    client = authorization.get_client_config()
    names = gp.Names(
        project=foundation.project, environment=foundation.environment, subscription_id=client.subscription_id
    )
    group = resources.ResourceGroup(
        "workspace",
        resource_group_name=names("resource_group", "workspace"),
        location=foundation.location,
        tags=settings.tags,
    )
    context = Context(settings=settings, foundation=foundation, names=names, group=group)
    needs = declare_dependencies(context, client.tenant_id)
    workspace = declare_workspace(context, needs)
    cluster = declare_cluster(context, needs, workspace)
    declare_budget(context)
    return {
        "subscriptionId": client.subscription_id,
        "resourceGroupName": group.name,
        "workspaceName": workspace.name,
        "workspaceId": workspace.id,
        "clusterName": cluster.name,
        "keyVaultUri": needs.vault.uri,
        "storageAccountName": needs.storage.name,
        "loginServer": needs.registry.login_server,
        "trainingIdentityClientId": needs.training_identity.client_id,
    }


pulumi.run(main)
