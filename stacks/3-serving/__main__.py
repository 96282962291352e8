# SPDX-License-Identifier: Apache-2.0
"""Stage 3: the endpoints of a workspace, empty: which model runs behind them is a release, not infrastructure."""

import pulumi
from endpoints import Context, declare_batch, declare_online, declare_serverless
from settings import ServingSettings

import groundplan as gp
from groundplan.contracts import Foundation, ServingStage, StackName, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return the endpoints' addresses."""
    settings = ServingSettings.load()
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)
    names = gp.Names(
        project=foundation.project,
        environment=foundation.environment,
        subscription_id=str(workspace.subscription_id),
    )
    context = Context(workspace=workspace, names=names, instance=StackName.current().instance, tags=settings.tags)
    online = {key: declare_online(context, key, each) for key, each in settings.online_endpoints.items()}
    batch = {key: declare_batch(context, key, each) for key, each in settings.batch_endpoints.items()}
    serverless = {key: declare_serverless(context, key, each) for key, each in settings.serverless_endpoints.items()}
    addresses = {key: each.scoring_uri for key, each in (*online.items(), *batch.items())}
    return ServingStage(
        workspace_name=workspace.workspace_name,
        online_endpoint_ids={key: each.id for key, each in online.items()},
        batch_endpoint_ids={key: each.id for key, each in batch.items()},
        serverless_endpoint_ids={key: each.id for key, each in serverless.items()},
        scoring_uris=addresses | {key: each.endpoint_uri for key, each in serverless.items()},
    ).outputs()


pulumi.run(main)
