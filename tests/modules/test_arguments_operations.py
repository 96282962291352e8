# SPDX-License-Identifier: Apache-2.0
"""What monitoring, alerts, budgets and workbooks refuse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import groundplan as gp

PLACE = gp.PrivateEndpoint(subnet_id="/subnet", dns_managed_elsewhere=True)


def metric(**changes: Any) -> gp.MetricRule:
    good: dict[str, Any] = {"resource_ids": ("/r",), "metric": "Cpu", "threshold": 1}
    return gp.MetricRule(**(good | changes))


def log(**changes: Any) -> gp.LogRule:
    good: dict[str, Any] = {"resource_ids": ("/r",), "query": "T", "threshold": 1}
    return gp.LogRule(**(good | changes))


def rules(**changes: Any) -> gp.AlertRulesArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "action_group_ids": ("/a",), "metrics": {"cpu": metric()}}
    return gp.AlertRulesArgs(**(good | changes))


def workbook(content: Any) -> gp.WorkbookArgs:
    return gp.WorkbookArgs(resource_group_name="rg", title="t", content=content)


def monitoring(**changes: Any) -> gp.MonitoringArgs:
    return gp.MonitoringArgs(resource_group_name="rg", **changes)


def budget(**changes: Any) -> gp.BudgetArgs:
    good: dict[str, Any] = {"scope": "/s", "amount": 5, "start_date": "2026-11-01"}
    return gp.BudgetArgs(**(good | changes))


def shutdown(**changes: Any) -> gp.AutoShutdownArgs:
    good: dict[str, Any] = {"resource_group_name": "rg", "virtual_machine_id": "/vm", "time": "1900"}
    return gp.AutoShutdownArgs(**(good | changes))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "diagnostics without destination": (gp.Diagnostics, "no destination"),
    "diagnostics of an unknown group": (
        lambda: gp.Diagnostics(log_analytics_workspace_id="/l", log_category_groups=("all",)),
        "has 'all'; allowed are allLogs and audit",
    ),
    "diagnostics to a hub without rule": (
        lambda: gp.Diagnostics(storage_account_id="/s", event_hub_name="h"),
        "event_hub_name needs event_hub_rule_id",
    ),
    "diagnostics in tables of nowhere": (
        lambda: gp.Diagnostics(storage_account_id="/s", dedicated_tables=True),
        "give log_analytics_workspace_id",
    ),
    "receiver twice": (
        lambda: gp.Receivers(emails={"Team": "a@example.com"}, app_pushes={"team": "a@example.com"}),
        "'team' is used twice",
    ),
    "receiver role unknown": (lambda: gp.Receivers(roles={"r": "Ownr"}), "did you mean 'Owner'"),
    "webhook without token": (lambda: gp.WebhookReceiver(uri="https://x"), "unauthenticated=True"),
    "webhook with both": (
        lambda: gp.WebhookReceiver(uri="https://x", object_id="o", unauthenticated=True),
        "not both",
    ),
    "webhook in the open": (lambda: gp.WebhookReceiver(uri="http://x", object_id="o"), "https://"),
    "action group sender": (
        lambda: gp.ActionGroupArgs(resource_group_name="rg", receivers=gp.Receivers(), short_name=""),
        "1 to 12 characters",
    ),
    "monitoring sampling": (lambda: monitoring(sampling_percent=0), "is 0; allowed are more than 0, up to 100"),
    "monitoring receiver in two places": (
        lambda: monitoring(alert_emails={"a": "x"}, alert_receivers=gp.Receivers(emails={"a": "y"})),
        "'a' is in alert_emails and alert_receivers",
    ),
    "table too long": (lambda: gp.LogTable(total_days=5000), "is 5000; allowed are 4 to 4383"),
    "table archived before it is old": (
        lambda: gp.LogTable(interactive_days=90, total_days=30),
        "is 30; allowed are 90 to 4383",
    ),
    "table interactive": (lambda: gp.LogTable(interactive_days=900), "allowed are 4 to 730"),
    "table basic": (lambda: gp.LogTable(plan="Basic", interactive_days=30), "refused with plan 'Basic'"),
    "export of nothing": (lambda: gp.LogExport(tables=(), destination_id="/s"), "tables is empty"),
    "shutdown at no time": (lambda: shutdown(time="19:00"), "time is '19:00'; expected is HHMM"),
    "shutdown too late": (lambda: shutdown(time="2400"), "0000 to 2359"),
    "shutdown nowhere": (lambda: shutdown(time_zone=" "), "time_zone is empty"),
    "shutdown told to nobody": (gp.ShutdownNotice, "nobody would be told; give email or webhook_url"),
    "shutdown told in the open": (lambda: gp.ShutdownNotice(webhook_url="http://h"), "does not start with https://"),
    "shutdown told too early": (lambda: gp.ShutdownNotice(email="a@b.c", minutes=121), "is 121; allowed are 15 to 120"),
    "budget silent": (budget, "contact_roles"),
    "budget tag without values": (
        lambda: budget(contact_roles=("Owner",), tags={"team": ()}),
        r"tags\['team'\] has no values",
    ),
    "metric of nothing": (lambda: metric(resource_ids=()), "resource_ids is empty"),
    "metric of several": (lambda: metric(resource_ids=("/a", "/b")), "2 resources need resource_type and location"),
    "metric window": (lambda: metric(window_minutes=7), "window_minutes is 7; allowed are 1, 5, 15"),
    "metric often": (lambda: metric(every_minutes=60), "shorter than every_minutes"),
    "learnt threshold": (lambda: gp.DynamicThreshold(failing_periods=(5, 4)), r"\(5, 4\)"),
    "log of nothing": (lambda: log(query=" "), "one of them is empty"),
    "log measure counted": (lambda: log(measure="Hours"), "rows are counted"),
    "log average of rows": (lambda: log(aggregation="Average"), "rows are counted"),
    "log times": (lambda: log(every_minutes=2), "every_minutes is 2"),
    "activity of nothing": (lambda: gp.ActivityRule(watch="policy", scope_ids=()), "scope_ids is empty"),
    "deletion of anything": (lambda: gp.ActivityRule(watch="deletion", scope_ids=("/s",)), "required for 'deletion'"),
    "regions of policy": (
        lambda: gp.ActivityRule(watch="policy", scope_ids=("/s",), regions=("West Europe",)),
        "for 'service_health' only",
    ),
    "no rules": (lambda: rules(metrics={}), "no rule"),
    "rule twice": (lambda: rules(logs={"cpu": log()}), "'cpu' is used in more than one"),
    "rules silent": (lambda: rules(action_group_ids=()), "0 action groups given"),
    "query with a quote": (lambda: gp.error_share_alerts("/l", 'a" or "b'), "no endpoint can be named"),
    "workbook without title": (
        lambda: gp.WorkbookArgs(resource_group_name="rg", title=" ", content={}),
        "title is empty",
    ),
    "workbook of no file": (lambda: workbook(Path("missing.json")), "can not be read"),
    "workbook of no JSON": (lambda: workbook(Path(__file__)), "is not JSON"),
    "workbook version": (lambda: workbook({"items": [1]}), "allowed is 'Notebook/1.0'"),
    "workbook empty": (lambda: workbook({"version": "Notebook/1.0", "items": []}), "at least one"),
    "workbook part": (lambda: workbook({"version": "Notebook/1.0", "items": [{"type": 1}]}), r"items\[0\]"),
    "grafana closed": (lambda: gp.ManagedGrafanaArgs(resource_group_name="rg"), "public_network_access=True"),
    "prometheus without rules": (gp.PrometheusRules, "0 recordings and alerts; a group has 1 to 20"),
    "prometheus of many rules": (
        lambda: gp.PrometheusRules(recordings={f"series_{number}": "up" for number in range(21)}),
        "21 recordings and alerts",
    ),
    "prometheus seldom": (
        lambda: gp.PrometheusRules(recordings={"a": "up"}, every_minutes=30),
        "every_minutes is 30; allowed are 1 to 15",
    ),
    "prometheus series": (lambda: gp.PrometheusRules(recordings={"5xx": "up"}), "'5xx' cannot name a series"),
    "prometheus alert of nothing": (lambda: gp.PrometheusAlert(expression=" "), "expression is empty"),
    "prometheus alert before": (
        lambda: gp.PrometheusAlert(expression="up", for_minutes=-1),
        "for_minutes is -1; allowed are 0 and more",
    ),
    "monitor workspace closed": (
        lambda: gp.AzureMonitorWorkspaceArgs(resource_group_name="rg"),
        "public_network_access=True",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """The error says what is wrong and what would be right."""
    make, message = REFUSED[case]
    with pytest.raises(gp.ArgumentError, match=message):
        make()


def test_no_address_in_the_error_of_a_webhook() -> None:
    """It may carry a key."""
    with pytest.raises(gp.ArgumentError) as refused:
        gp.WebhookReceiver(uri="http://x/?key=hushhush", object_id="o")

    assert "hushhush" not in str(refused.value)
