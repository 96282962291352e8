# SPDX-License-Identifier: Apache-2.0
"""Stage 3: the endpoints of a workspace; unless they are told to, which model runs behind them is a release's affair."""

import pulumi
from endpoints import Context, declare_batch, declare_kubernetes, declare_online, declare_serverless
from entry import declare_entry
from settings import ServingSettings

import groundplan as gp
from groundplan.contract import StackName
from groundplan.contracts import ComputeStage, Foundation, ServingStage, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return the endpoints' addresses."""
    settings = ServingSettings.load()
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)
    on_stage_2 = any(each.compute for each in settings.kubernetes_endpoints.values())
    compute = await ComputeStage.find(settings.compute_stack) if on_stage_2 else None
    context = Context(
        foundation=foundation,
        workspace=workspace,
        names=gp.Names(
            project=foundation.project,
            environment=foundation.environment,
            subscription_id=str(workspace.subscription_id),
        ),
        instance=StackName.current().instance,
        tags=settings.tags,
    )
    online = {key: declare_online(context, key, each) for key, each in settings.online_endpoints.items()}
    clusters = settings.kubernetes_endpoints.items()
    kubernetes = {key: declare_kubernetes(context, key, each, compute) for key, each in clusters}
    batch = {key: declare_batch(context, key, each) for key, each in settings.batch_endpoints.items()}
    serverless = {key: declare_serverless(context, key, each) for key, each in settings.serverless_endpoints.items()}
    entry = declare_entry(context, settings.entry, online)
    scoring = (*online.items(), *kubernetes.items(), *batch.items())
    return ServingStage(
        workspace_name=workspace.workspace_name,
        online_endpoint_ids={key: each.id for key, each in (*online.items(), *kubernetes.items())},
        batch_endpoint_ids={key: each.id for key, each in batch.items()},
        serverless_endpoint_ids={key: each.id for key, each in serverless.items()},
        scoring_uris={
            **{key: each.scoring_uri for key, each in scoring},
            **{key: each.endpoint_uri for key, each in serverless.items()},
        },
        entry_host_name=entry.host_name if entry else None,
    ).outputs()


pulumi.run(main)
