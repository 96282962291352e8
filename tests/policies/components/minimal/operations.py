# SPDX-License-Identifier: Apache-2.0
"""Monitoring, alerts and budgets with required arguments alone."""

import groundplan as gp
from tests.modules.surroundings import Surroundings


def monitoring(here: Surroundings) -> None:
    """Nobody is told."""
    gp.Monitoring("minimal", gp.MonitoringArgs(resource_group_name=here.group.name))


def budget(here: Surroundings) -> None:
    """Of the group."""
    args = gp.BudgetArgs(
        scope=here.group.id, amount=1000, start_date="2026-11-01", contact_emails=("team@example.com",)
    )
    gp.Budget("minimal", args)


def auto_shutdown(here: Surroundings) -> None:
    """Without a word."""
    args = gp.AutoShutdownArgs(
        resource_group_name=here.group.name, virtual_machine_id=here.virtual_machine_id, time="1800"
    )
    gp.AutoShutdown("minimal", args)


def action_group(here: Surroundings) -> None:
    """Nobody is told yet."""
    args = gp.ActionGroupArgs(
        resource_group_name=here.group.name,
        receivers=gp.Receivers(),
        short_name="minimal",
    )
    gp.ActionGroup("minimal", args)


def workbook(here: Surroundings) -> None:
    """A heading."""
    heading = {"type": 1, "content": {"json": "# Platform"}, "name": "title"}
    args = gp.WorkbookArgs(
        resource_group_name=here.group.name, title="Platform", content={"version": "Notebook/1.0", "items": [heading]}
    )
    gp.Workbook("minimal", args)


def managed_grafana(here: Surroundings) -> None:
    """Without data."""
    args = gp.ManagedGrafanaArgs(resource_group_name=here.group.name, private_endpoint=here.placement)
    gp.ManagedGrafana("minimal", args)


def azure_monitor_workspace(here: Surroundings) -> None:
    """Without metrics."""
    args = gp.AzureMonitorWorkspaceArgs(resource_group_name=here.group.name, private_endpoint=here.placement)
    gp.AzureMonitorWorkspace("minimal", args)


def alert_rules(here: Surroundings) -> None:
    """The library's rules about a workspace."""
    args = gp.AlertRulesArgs(
        resource_group_name=here.group.name,
        action_group_ids=(here.monitoring.action_group_id,),
        metrics=gp.workspace_alerts(here.workspace.id),
    )
    gp.AlertRules("minimal", args)
