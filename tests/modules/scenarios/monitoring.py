# SPDX-License-Identifier: Apache-2.0
"""Monitoring that keeps, copies and tells all it can, and one that nothing reaches from outside."""

from pulumi_azure_native import operationalinsights

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    cluster = operationalinsights.Cluster(
        "full-dedicated",
        cluster_name="logc-full",
        resource_group_name=here.group.name,
        location=LOCATION,
        identity=operationalinsights.ManagedServiceIdentityArgs(type="SystemAssigned"),
        sku=operationalinsights.ClusterSkuArgs(capacity=500, name="CapacityReservation"),
    )
    gp.Monitoring(
        "full",
        gp.MonitoringArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=gp.Diagnostics(log_category_groups=("audit",), storage_account_id=here.data.id, metrics=False),
            lock=gp.Lock(notes="evidence"),
            retention_days=90,
            daily_cap_gb=5,
            public_ingestion=True,
            public_query=True,
            local_authentication=True,
            alert_emails={"team": "team@example.com"},
            alert_receivers=gp.Receivers(app_pushes={"oncall": "oncall@example.com"}),
            alert_short_name="ml-full",
            tables={
                "AmlComputeJobEvent": gp.LogTable(interactive_days=90, total_days=730),
                "AmlOnlineEndpointConsoleLog": gp.LogTable(plan="Basic", total_days=365),
            },
            exports={
                "archive": gp.LogExport(tables=("AmlComputeJobEvent",), destination_id=here.data.id),
            },
            sampling_percent=25,
            cluster_id=cluster.id,
            monitoring_name="all",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Two years of logs, no keys, no internet."""
    gp.Monitoring(
        "locked-down",
        gp.MonitoringArgs(
            resource_group_name=here.group.name,
            retention_days=730,
            tables={"AmlComputeJobEvent": gp.LogTable(total_days=4383)},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    closed = found.one("operationalinsights:Workspace", "locked-down")
    assert closed["features"]["disableLocalAuth"] is True
    assert closed["publicNetworkAccessForQuery"] == "Disabled"
    assert (
        found.one("operationalinsights:Table", "locked-down-table-AmlComputeJobEvent")["totalRetentionInDays"] == 4383
    )
    assert found.one("applicationinsights:Component", "full-insights")["samplingPercentage"] == 25
    assert found.one("operationalinsights:LinkedService", "full-cluster")["linkedServiceName"] == "Cluster"
    (sent,) = found.inputs("monitor:DiagnosticSetting", "full-diagnostics")
    assert [log["categoryGroup"] for log in sent["logs"]] == ["audit"]
    assert "workspaceId" not in sent
    assert len(found.one("monitor:ActionGroup", "full-alerts")["azureAppPushReceivers"]) == 1
