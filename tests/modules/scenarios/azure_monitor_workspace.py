# SPDX-License-Identifier: Apache-2.0
"""A workspace for metrics that anyone may ask, and one behind its endpoint."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings

ACTION_GROUP = "providers/Microsoft.Insights/actionGroups/ag-on-call"


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.AzureMonitorWorkspace(
        "full",
        gp.AzureMonitorWorkspaceArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            public_network_access=True,
            private_endpoint=here.placement,
            workspace_name="amw-all",
            rule_groups={
                "scoring": gp.PrometheusRules(
                    recordings={"pod:errors:rate5m": "sum by (pod) (rate(request_errors_total[5m]))"},
                    alerts={
                        "ScoringFails": gp.PrometheusAlert(
                            expression="pod:errors:rate5m > 1",
                            for_minutes=10,
                            severity=1,
                            action_group_ids=(here.group.id.apply(lambda id_: f"{id_}/{ACTION_GROUP}"),),
                            resolve_minutes=None,
                            labels={"team": "vision"},
                            annotations={"summary": "Requests fail"},
                        )
                    },
                    every_minutes=2,
                    enabled=False,
                    description="What the models answer",
                ),
            },
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Through its endpoint only."""
    gp.AzureMonitorWorkspace(
        "locked-down",
        gp.AzureMonitorWorkspaceArgs(
            resource_group_name=here.group.name, private_endpoint=here.placement, lock=gp.Lock()
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    assert found.one("monitor:AzureMonitorWorkspace", "full")["azureMonitorWorkspaceName"] == "amw-all"
    assert found.one("monitor:AzureMonitorWorkspace", "locked-down")["publicNetworkAccess"] == "Disabled"
    group = found.one("alertsmanagement:PrometheusRuleGroup", "full-rules-scoring")
    assert (group["ruleGroupName"], group["interval"], group["enabled"]) == ("amw-all-scoring", "PT2M", False)
    assert [each.rsplit("/", 2)[1:] for each in group["scopes"]] == [["accounts", "amw-all"]]
    recording, alert = group["rules"]
    assert recording["record"] == "pod:errors:rate5m"
    assert (alert["alert"], alert["for"], alert["resolveConfiguration"]) == (
        "ScoringFails",
        "PT10M",
        {"autoResolved": False},
    )
    assert alert["actions"][0]["actionGroupId"].endswith(ACTION_GROUP)
    (sent,) = found.inputs("monitor:DiagnosticSetting", "full-diagnostics")
    assert sent["logs"] == []
