# SPDX-License-Identifier: Apache-2.0
"""What raises an alarm, what may be spent, and what nobody deletes by mistake."""

from collections.abc import Mapping, Sequence

from access import Context
from pulumi import Input, Output, ResourceOptions
from settings import AlertSettings, BudgetSettings, Lockable

import groundplan as gp
from groundplan.operations.budget import DEFAULT_ALERTS


def declare_alerts(
    context: Context, settings: AlertSettings, endpoint_ids: Mapping[str, Input[str]]
) -> Mapping[str, Output[str]]:
    """Rules that tell the foundation's action group; ARM ids by key."""
    metrics: dict[str, gp.MetricRule] = {}
    if chosen := settings.workspace:
        metrics |= gp.workspace_alerts(
            context.workspace.workspace_id,
            quota_percent=chosen.quota_percent,
            unusable_nodes=chosen.unusable_nodes,
            failed_runs=chosen.failed_runs,
        )
    if watched := settings.endpoints:
        for key, endpoint_id in endpoint_ids.items():
            found = gp.endpoint_alerts(
                endpoint_id, latency_ms=watched.latency_ms, errors_per_minute=watched.errors_per_minute
            )
            metrics |= {f"{key}-{name}": rule for name, rule in found.items()}
    activities = gp.subscription_alerts(context.subscription_scope) if settings.subscription else {}
    if not (metrics or activities):
        return {}
    rules = gp.AlertRules(
        "alerts",
        gp.AlertRulesArgs(
            resource_group_name=context.workspace.resource_group_name,
            action_group_ids=(context.foundation.action_group_id,),
            metrics=metrics,
            activities=activities,
            rules_name="-".join(
                filter(None, (context.foundation.project, context.foundation.environment, context.instance))
            ),
            tags=context.tags,
        ),
    )
    context.made.append(rules)
    return {key: rules.ids[key] for key in (*metrics, *activities)}


def declare_budget(context: Context, key: str, settings: BudgetSettings) -> gp.Budget:
    """A limit that people hear of before it is reached."""
    scope = context.subscription_scope if settings.scope == "subscription" else context.group_id
    alerts = {
        name: gp.Alert(percent=each.percent, on="Forecasted" if each.forecast else "Actual")
        for name, each in (settings.thresholds or {}).items()
    }
    budget = gp.Budget(
        f"{key}-budget",
        gp.BudgetArgs(
            scope=scope,
            budget_name=context.name("budget", key),
            amount=settings.amount,
            start_date=f"{settings.start_month}-01",
            time_grain=settings.period,
            tags={tag: tuple(values) for tag, values in settings.count_tags.items()},
            contact_emails=tuple(settings.emails),
            action_group_ids=(context.foundation.action_group_id,),
            alerts=alerts or DEFAULT_ALERTS,
        ),
    )
    context.made.append(budget)
    return budget


def declare_locks(context: Context, locks: Sequence[Lockable]) -> None:
    """Locks against deletion, once everything else of this stage is there; they are the first to go."""
    workspace = context.workspace
    scopes: dict[Lockable, Input[str]] = {
        "workspace": workspace.workspace_id,
        "storage": workspace.storage_account_id,
        "keyVault": workspace.key_vault_id,
        "containerRegistry": workspace.container_registry_id,
        "resourceGroup": context.group_id,
    }
    for each in locks:
        gp.ResourceLock(
            f"keep-{each}", gp.ResourceLockArgs(scope=scopes[each]), ResourceOptions(depends_on=[*context.made])
        )
