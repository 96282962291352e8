# SPDX-License-Identifier: Apache-2.0
"""Stage 5: who may do what in a workspace, how CI signs in, and what is refused, watched, limited and kept."""

import pulumi
from access import Context, declare_ci, declare_people, declare_policies, declare_role
from operations import declare_alerts, declare_budget, declare_locks
from settings import GovernanceSettings, PolicyFile

import groundplan as gp
from groundplan.contract import StackName
from groundplan.contracts import Foundation, GovernanceStage, ServingStage, WorkspaceStage


async def main() -> pulumi.Inputs:
    """Declare the stage and return what pipelines sign in with."""
    settings = GovernanceSettings.load()
    assignments = PolicyFile.read(settings.policy_file) if settings.policy_file else {}
    foundation = await Foundation.find(settings.foundation_stack)
    workspace = await WorkspaceStage.find(settings.workspace_stack)
    serving = await ServingStage.find(settings.serving_stack) if settings.alerts.endpoints else None
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
    roles = {key: declare_role(context, key, each) for key, each in settings.roles.items()}
    alerts = declare_alerts(context, settings.alerts, serving.online_endpoint_ids if serving else {})
    budgets = {key: declare_budget(context, key, each) for key, each in settings.budgets.items()}
    declare_locks(context, settings.locks)
    return GovernanceStage(
        role_definition_ids={key: each.id for key, each in roles.items()},
        alert_rule_ids=alerts,
        budget_ids={key: each.id for key, each in budgets.items()},
        policy_assignment_ids=policy_ids,
        ci_client_ids={name: each.client_id for name, each in pipelines.items()},
    ).outputs()


pulumi.run(main)
