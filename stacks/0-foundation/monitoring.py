# SPDX-License-Identifier: Apache-2.0
"""Logs, telemetry and alerts."""

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
