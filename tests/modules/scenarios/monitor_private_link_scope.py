# SPDX-License-Identifier: Apache-2.0
"""A scope that closes nothing yet, and one that closes the network's way to Azure Monitor."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.MonitorPrivateLinkScope(
        "full",
        gp.MonitorPrivateLinkScopeArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            resources={"logs": here.monitoring.log_analytics_workspace_id},
            private_endpoint=gp.PrivateEndpoint(
                subnet_id=here.network.subnet_ids["endpoints"], dns_managed_elsewhere=True
            ),
            open_ingestion=True,
            open_query=True,
            scope_name="ampls-full",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Only the scope's resources are reached."""
    gp.MonitorPrivateLinkScope(
        "locked-down",
        gp.MonitorPrivateLinkScopeArgs(
            resource_group_name=here.group.name,
            resources={
                "logs": here.monitoring.log_analytics_workspace_id,
                "traces": here.monitoring.application_insights_id,
            },
            private_endpoint=here.placement,
        ),
    )


def check(found: Declared) -> None:
    """Modes, and all five zones."""
    closed, opened = (found.one("monitor:PrivateLinkScope", name) for name in ("locked-down", "full"))
    assert set(closed["accessModeSettings"].values()) == {"PrivateOnly"}
    assert set(opened["accessModeSettings"].values()) == {"Open"}
    zones = found.one("network:PrivateDnsZoneGroup", "locked-down-link-dns")["privateDnsZoneConfigs"]
    assert [zone["name"] for zone in zones] == ["monitor", "oms", "ods", "agentsvc", "blob"]
