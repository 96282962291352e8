# SPDX-License-Identifier: Apache-2.0
"""Every kind of rule, and the rules that come with the library."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.AlertRules(
        "full",
        gp.AlertRulesArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            action_group_ids=(here.monitoring.action_group_id,),
            enabled=False,
            rules_name="vision",
            metrics={
                "capacity": gp.MetricRule(
                    resource_ids=(here.data.id,),
                    metric="UsedCapacity",
                    metric_namespace="Microsoft.Storage/storageAccounts",
                    threshold=10.5,
                    comparison="GreaterThanOrEqual",
                    aggregation="Average",
                    dimensions={"BlobType": ("*",)},
                    window_minutes=1440,
                    every_minutes=60,
                    severity=3,
                    resource_type="Microsoft.Storage/storageAccounts",
                    location=LOCATION,
                    description="clean up",
                ),
                "latency": gp.MetricRule(
                    resource_ids=(here.vault.id,),
                    metric="ServiceApiLatency",
                    threshold=gp.DynamicThreshold(
                        sensitivity="High", direction="GreaterOrLessThan", failing_periods=(2, 3)
                    ),
                ),
            },
            logs={
                "slow-jobs": gp.LogRule(
                    resource_ids=(here.monitoring.log_analytics_workspace_id,),
                    query="AmlComputeJobEvent | extend Hours = 1",
                    measure="Hours",
                    aggregation="Maximum",
                    threshold=24,
                    comparison="GreaterThan",
                    dimensions={"ClusterName": ("*",)},
                    window_minutes=2880,
                    every_minutes=1440,
                    severity=4,
                    identity_id=here.identity.id,
                    skip_validation=True,
                    description="stop it",
                )
            },
            activities={
                "outage": gp.ActivityRule(
                    watch="service_health",
                    scope_ids=(f"/subscriptions/{here.client.subscription_id}",),
                    services=("Machine Learning Services",),
                    regions=("West Europe",),
                    description="wait",
                ),
                "lost": gp.ActivityRule(
                    watch="deletion", scope_ids=(here.group.id,), resource_type="Microsoft.KeyVault/vaults"
                ),
            },
        ),
    )


def locked_down(here: Surroundings) -> None:
    """All that comes with the library."""
    gp.AlertRules(
        "locked-down",
        gp.AlertRulesArgs(
            resource_group_name=here.group.name,
            action_group_ids=(here.monitoring.action_group_id,),
            metrics=gp.workspace_alerts(here.workspace.id),
            logs=gp.error_share_alerts(here.monitoring.log_analytics_workspace_id, "fraud"),
            activities=gp.subscription_alerts(f"/subscriptions/{here.client.subscription_id}"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    learnt = found.one("monitor:MetricAlert", "full-latency")["criteria"]["allOf"][0]
    assert learnt["failingPeriods"] == {"minFailingPeriodsToAlert": 2, "numberOfEvaluationPeriods": 3}
    assert found.one("monitor:MetricAlert", "full-capacity")["windowSize"] == "P1D"
    assert found.one("monitor:ScheduledQueryRule", "full-slow-jobs")["identity"]["type"] == "UserAssigned"
    said = found.one("monitor:ActivityLogAlert", "locked-down-workspace-deleted")["condition"]["allOf"]
    assert {each["field"]: each["equals"] for each in said} == {
        "category": "Administrative",
        "operationName": "Microsoft.MachineLearningServices/workspaces/delete",
        "status": "Succeeded",
    }
    shares = found.one("monitor:ScheduledQueryRule", "locked-down-error-share")["criteria"]["allOf"][0]
    assert 'EndpointName =~ "fraud"' in shares["query"]
