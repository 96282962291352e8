# SPDX-License-Identifier: Apache-2.0
"""Alert rules that a machine learning platform wants from the first day.

Metrics are named as in learn.microsoft.com/azure/azure-monitor/reference/supported-metrics (workspaces, online endpoints and their
deployments), tables as in its reference of tables; the thresholds are ours, a place to start from: a rule is a plain object, and
`dataclasses.replace` changes it.
"""

from __future__ import annotations

import re

from pulumi import Input

from groundplan.errors import ArgumentError
from groundplan.operations.alert_conditions import ActivityRule, LogRule, MetricRule

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_ENDPOINT = f"{_WORKSPACE}/onlineEndpoints"


def workspace_alerts(
    workspace_id: Input[str], *, quota_percent: float = 90, unusable_nodes: int = 0, failed_runs: int = 10
) -> dict[str, MetricRule]:
    """Rules for a workspace: quota that runs out, nodes that do not come up, runs that fail in numbers.

    `quota_percent` is a share of the workspace's quota, the other two are counts above which a rule fires.
    """
    return {
        "quota-used": MetricRule(
            resource_ids=(workspace_id,),
            metric="Quota Utilization Percentage",
            threshold=quota_percent,
            aggregation="Maximum",
            window_minutes=60,
            every_minutes=15,
            severity=2,
            description="Ask for more quota, or find the cluster that keeps its nodes.",
        ),
        "unusable-nodes": MetricRule(
            resource_ids=(workspace_id,),
            metric="Unusable Nodes",
            threshold=unusable_nodes,
            aggregation="Total",
            severity=1,
            description="Nodes do not start: look at the subnet's rules, its route and the images' registry.",
        ),
        "failed-runs": MetricRule(
            resource_ids=(workspace_id,),
            metric="Failed Runs",
            threshold=failed_runs,
            aggregation="Total",
            window_minutes=60,
            every_minutes=15,
            severity=3,
            description="More runs than usual fail.",
        ),
    }


def endpoint_alerts(
    endpoint_id: Input[str], *, latency_ms: float = 1000, errors_per_minute: float = 1
) -> dict[str, MetricRule]:
    """Rules for an online endpoint: answers that take long (95th percentile), and answers that are errors of the server."""
    return {
        "latency-p95": MetricRule(
            resource_ids=(endpoint_id,),
            metric="RequestLatency_P95",
            metric_namespace=_ENDPOINT,
            threshold=latency_ms,
            severity=2,
            description="The slowest twentieth of requests takes too long: look at the deployments' processors.",
        ),
        "server-errors": MetricRule(
            resource_ids=(endpoint_id,),
            metric="RequestsPerMinute",
            metric_namespace=_ENDPOINT,
            threshold=errors_per_minute,
            dimensions={"statusCodeClass": ("5xx",)},
            severity=1,
            description="The scoring code fails, or the deployment is out of capacity.",
        ),
    }


def deployment_alerts(
    deployment_id: Input[str], *, cpu_percent: float = 80, memory_percent: float = 85
) -> dict[str, MetricRule]:
    """Rules for an online deployment: processors and memory that are nearly used up."""
    return {
        "cpu": MetricRule(
            resource_ids=(deployment_id,),
            metric="CpuUtilizationPercentage",
            metric_namespace=f"{_ENDPOINT}/deployments",
            threshold=cpu_percent,
            description="Add instances, or let the deployment scale.",
        ),
        "memory": MetricRule(
            resource_ids=(deployment_id,),
            metric="CpuMemoryUtilizationPercentage",
            metric_namespace=f"{_ENDPOINT}/deployments",
            threshold=memory_percent,
            description="Take a larger instance before the scoring processes are killed.",
        ),
    }


def error_share_alerts(
    log_analytics_workspace_id: Input[str], endpoint_name: str, *, percent: float = 5, requests: int = 20
) -> dict[str, LogRule]:
    """A rule for the share of an endpoint's answers that are errors of the server, once there are `requests` in a window.

    A metric can count errors, not put them in proportion; this asks the traffic log, which the endpoint must send
    (`Diagnostics`).
    """
    if not re.fullmatch(r"[A-Za-z](?:-?[A-Za-z0-9])*", endpoint_name):
        raise ArgumentError(f"error share: endpoint_name is {endpoint_name!r}, which no endpoint can be named")
    query = (
        f'AmlOnlineEndpointTrafficLog\n| where EndpointName =~ "{endpoint_name}"\n'
        "| summarize Requests = count(), Errors = countif(toint(ResponseCode) >= 500)\n"
        f"| where Requests >= {requests}\n| extend Share = 100.0 * Errors / Requests"
    )
    rule = LogRule(
        resource_ids=(log_analytics_workspace_id,),
        query=query,
        measure="Share",
        aggregation="Maximum",
        threshold=percent,
        severity=1,
        skip_validation=True,
        description="Roll back, or send the traffic to the other deployment.",
    )
    return {"error-share": rule}


def subscription_alerts(subscription_scope: Input[str]) -> dict[str, ActivityRule]:
    """Rules for what happens around a platform: Azure's health, denials by policy, deleted workspaces.

    `subscription_scope` is `/subscriptions/<id>`.
    """
    scope = (subscription_scope,)
    return {
        "service-health": ActivityRule(watch="service_health", scope_ids=scope),
        "resource-health": ActivityRule(watch="resource_health", scope_ids=scope),
        "policy": ActivityRule(watch="policy", scope_ids=scope),
        "workspace-deleted": ActivityRule(watch="deletion", scope_ids=scope, resource_type=_WORKSPACE),
    }
