# SPDX-License-Identifier: Apache-2.0
"""Managed Prometheus and container logs of a Kubernetes cluster: where its pods' metrics and output go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import monitor

from groundplan.attachments import grant_role
from groundplan.component import Component
from groundplan.interfaces import ResourceArgs, RoleGrant
from groundplan.naming import derived_name
from groundplan.operations.prometheus_rules import PrometheusRules, create_rule_groups

_METRICS = "Microsoft-PrometheusMetrics"
_LOGS = ("Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory", "Microsoft-InsightsMetrics")


@dataclass(frozen=True, kw_only=True)
class ClusterMetrics:
    """Managed Prometheus of a cluster: AKS collects, an Azure Monitor workspace keeps, Grafana shows."""

    monitor_workspace_id: Input[str] | None = None
    """Optional. ARM id of the Azure Monitor workspace, which many clusters can share. Default: one of its own."""
    grafana_principal_ids: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Object ids of managed Grafanas that may query the metrics, by a key that becomes part of the grant's
    logical name. Default: none."""
    rule_groups: Mapping[str, PrometheusRules] = field(default_factory=dict[str, PrometheusRules])
    """Optional. Series to compute and alerts on this cluster's metrics alone, by a key that becomes part of the group's name.
    Default: none."""
    public_network_access: bool = False
    """Optional. Metrics may come and be asked for over the internet. Default: no; the network then needs an Azure
    Monitor private link scope with the data collection endpoint and the workspace."""


def collect_metrics(
    component: Component,
    name: str,
    azure_name: str,
    cluster_id: Output[str],
    metrics: ClusterMetrics,
    args: ResourceArgs,
) -> Output[str]:
    """Collect a cluster's Prometheus metrics; the ARM id of the Azure Monitor workspace."""
    access = "Enabled" if metrics.public_network_access else "Disabled"
    account_id = _account_id(component, name, azure_name, metrics, args, access)
    endpoint = monitor.DataCollectionEndpoint(
        f"{name}-metrics",
        data_collection_endpoint_name=derived_name("data_collection_endpoint", f"{azure_name}-metrics"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        kind="Linux",
        network_acls=monitor.DataCollectionEndpointNetworkAclsArgs(public_network_access=access),
        tags=args.tags,
        opts=component.child(),
    )
    rule = monitor.DataCollectionRule(
        f"{name}-metrics",
        data_collection_rule_name=derived_name("data_collection_rule", f"{azure_name}-metrics"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        kind="Linux",
        data_collection_endpoint_id=endpoint.id,
        data_sources=monitor.DataCollectionRuleDataSourcesArgs(
            prometheus_forwarder=[
                monitor.PrometheusForwarderDataSourceArgs(
                    name="prometheus", streams=[_METRICS], label_include_filter={}
                )
            ]
        ),
        destinations=monitor.DataCollectionRuleDestinationsArgs(
            monitoring_accounts=[
                monitor.MonitoringAccountDestinationArgs(name="metrics", account_resource_id=account_id)
            ]
        ),
        data_flows=[monitor.DataFlowArgs(streams=[_METRICS], destinations=["metrics"])],
        tags=args.tags,
        opts=component.child(),
    )
    _associate(component, f"{name}-metrics", cluster_id, rule)
    monitor.DataCollectionRuleAssociation(
        f"{name}-metrics-endpoint",
        association_name="configurationAccessEndpoint",  # the one name that Azure takes for an endpoint's association
        resource_uri=cluster_id,
        data_collection_endpoint_id=endpoint.id,
        opts=component.child(),
    )
    create_rule_groups(
        component,
        f"{name}-rules",
        azure_name,
        metrics.rule_groups,
        (account_id, cluster_id),
        args,
        cluster_name=azure_name,
    )
    for key, principal_id in metrics.grafana_principal_ids.items():
        grant = RoleGrant(role="Monitoring Data Reader", principal_id=principal_id)
        grant_role(component, f"{name}-grafana-{key}", account_id, grant)
    return account_id


def _account_id(
    component: Component, name: str, azure_name: str, metrics: ClusterMetrics, args: ResourceArgs, access: str
) -> Output[str]:
    """ARM id of the Azure Monitor workspace, the cluster's own unless there is one."""
    if metrics.monitor_workspace_id is not None:
        return Output.from_input(metrics.monitor_workspace_id)
    return monitor.AzureMonitorWorkspace(
        f"{name}-metrics",
        azure_monitor_workspace_name=derived_name("azure_monitor_workspace", f"{azure_name}-metrics"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        public_network_access=access,
        tags=args.tags,
        opts=component.child(),
    ).id


def collect_logs(
    component: Component,
    name: str,
    azure_name: str,
    cluster_id: Output[str],
    log_analytics_workspace_id: Input[str],
    args: ResourceArgs,
) -> None:
    """Send the output and events of a cluster's pods to Log Analytics."""
    rule = monitor.DataCollectionRule(
        f"{name}-logs",
        data_collection_rule_name=derived_name("data_collection_rule", f"{azure_name}-logs"),
        resource_group_name=args.resource_group_name,
        location=args.location,
        kind="Linux",
        data_sources=monitor.DataCollectionRuleDataSourcesArgs(
            extensions=[
                monitor.ExtensionDataSourceArgs(
                    name="ContainerInsightsExtension",
                    extension_name="ContainerInsights",
                    extension_settings={
                        "dataCollectionSettings": {
                            "interval": "1m",
                            "namespaceFilteringMode": "Off",
                            "enableContainerLogV2": True,
                        }
                    },
                    streams=[*_LOGS],
                )
            ]
        ),
        destinations=monitor.DataCollectionRuleDestinationsArgs(
            log_analytics=[
                monitor.LogAnalyticsDestinationArgs(name="logs", workspace_resource_id=log_analytics_workspace_id)
            ]
        ),
        data_flows=[monitor.DataFlowArgs(streams=[*_LOGS], destinations=["logs"])],
        tags=args.tags,
        opts=component.child(),
    )
    _associate(component, f"{name}-logs", cluster_id, rule)


def _associate(component: Component, name: str, cluster_id: Output[str], rule: monitor.DataCollectionRule) -> None:
    monitor.DataCollectionRuleAssociation(
        name,
        association_name=name,
        resource_uri=cluster_id,
        data_collection_rule_id=rule.id,
        opts=component.child(ResourceOptions(delete_before_replace=True)),
    )
