# SPDX-License-Identifier: Apache-2.0
"""An open Grafana with keys, and a closed one."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    metrics = gp.AzureMonitorWorkspace(
        "full-metrics",
        gp.AzureMonitorWorkspaceArgs(resource_group_name=here.group.name, public_network_access=True),
    )
    gp.ManagedGrafana(
        "full",
        gp.ManagedGrafanaArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={
                "viewers": gp.RoleGrant(
                    role="Grafana Viewer",
                    principal_id="10000000-0000-4000-8000-000000000006",
                    principal_type="Group",
                )
            },
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            public_network_access=True,
            private_endpoint=here.placement,
            monitor_workspace_ids=(metrics.id,),
            reads=(here.group.id,),
            zone_redundancy=False,
            fixed_outbound_addresses=True,
            api_keys=True,
            major_version="11",
            grafana_name="amg-vision-full",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Through its endpoint only, in all zones, without keys."""
    gp.ManagedGrafana(
        "locked-down",
        gp.ManagedGrafanaArgs(
            resource_group_name=here.group.name,
            private_endpoint=here.placement,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """Its identity may read what it shows."""
    closed = found.one("dashboard:Grafana", "locked-down")["properties"]
    assert (closed["zoneRedundancy"], closed["publicNetworkAccess"], closed["apiKey"]) == (
        "Enabled",
        "Disabled",
        "Disabled",
    )
    opened = found.one("dashboard:Grafana", "full")["properties"]
    assert opened["zoneRedundancy"] == "Disabled"
    assert opened["grafanaMajorVersion"] == "11"
    assert found.one("authorization:RoleAssignment", "full-metrics-0")["roleDefinitionId"].endswith(
        "b0d8363b-8ddd-447d-831f-62ca05bff136"
    )
