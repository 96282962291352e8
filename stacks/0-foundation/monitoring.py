# SPDX-License-Identifier: Apache-2.0
"""Logs, telemetry and alerts, and the private way to them."""

from pulumi_azure_native import resources
from settings import FoundationSettings

import groundplan as gp


def declare_monitoring(settings: FoundationSettings, group: resources.ResourceGroup) -> gp.Monitoring:
    """Log Analytics, Application Insights and the action group of the platform."""
    return gp.Monitoring(
        "monitoring",
        gp.MonitoringArgs(
            resource_group_name=group.name,
            location=settings.location,
            monitoring_name=f"{settings.project}-{settings.environment}",
            retention_days=settings.monitoring.retention_days,
            public_ingestion=settings.monitoring.public_access,
            public_query=settings.monitoring.public_access,
            alert_emails=settings.monitoring.alert_emails,
            tags=settings.tags,
        ),
    )


def declare_scope(
    settings: FoundationSettings,
    names: gp.Names,
    group: resources.ResourceGroup,
    monitoring: gp.Monitoring,
    placement: gp.PrivateEndpoint,
) -> gp.MonitorPrivateLinkScope | None:
    """The way from the network to logs and telemetry, unless the configuration goes without one."""
    if not settings.monitoring.has_scope:
        return None
    return gp.MonitorPrivateLinkScope(
        "monitor-scope",
        gp.MonitorPrivateLinkScopeArgs(
            resource_group_name=group.name,
            location=settings.location,
            scope_name=names("private_link_scope"),
            resources={
                "logs": monitoring.log_analytics_workspace_id,
                "insights": monitoring.application_insights_id,
            },
            private_endpoint=placement,
            open_ingestion=settings.monitoring.open_ingestion,
            open_query=settings.monitoring.open_query,
            tags=settings.tags,
        ),
    )
