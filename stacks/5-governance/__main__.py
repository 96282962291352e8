# SPDX-License-Identifier: Apache-2.0
"""Stage 5: who may do what in a workspace, how CI signs in, and which policies hold around it."""

import pulumi
from access import Context, declare_ci, declare_people, declare_policies
from settings import GovernanceSettings, PolicyFile

import groundplan as gp
from groundplan.contracts import Foundation, GovernanceStage, StackName, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return what pipelines sign in with."""
    settings = GovernanceSettings.load()
    assignments = PolicyFile.read(settings.policy_file) if settings.policy_file else {}
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)
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
    declare_people(context, settings.people)
    pipelines = {name: declare_ci(context, name, each) for name, each in settings.ci.items()}
    policy_ids = declare_policies(context, foundation.environment, assignments)
    return GovernanceStage(
        policy_assignment_ids=policy_ids,
        ci_client_ids={name: each.client_id for name, each in pipelines.items()},
    ).outputs()


pulumi.run(main)
