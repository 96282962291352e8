# SPDX-License-Identifier: Apache-2.0
"""A workspace for metrics that anyone may ask, and one behind its endpoint."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


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
    (sent,) = found.inputs("monitor:DiagnosticSetting", "full-diagnostics")
    assert sent["logs"] == []
