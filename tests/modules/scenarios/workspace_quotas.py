# SPDX-License-Identifier: Apache-2.0
"""Two families with limits, and a workspace that may take no accelerators at all."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.WorkspaceQuotas(
        "full",
        gp.WorkspaceQuotasArgs(
            workspace_id=here.feature_store.id, limits={"standardDSv2Family": 24, "StandardNCASv3_T4Family": 8}
        ),
    )


def locked_down(here: Surroundings) -> None:
    """What costs most is forbidden."""
    forbidden = {"standardNCSv3Family": 0, "StandardNCADSA100v4Family": 0, "standardNDSH100v5Family": 0}
    gp.WorkspaceQuotas("locked-down", gp.WorkspaceQuotasArgs(workspace_id=here.workspace.id, limits=forbidden))


def check(found: Declared) -> None:
    """What the arguments became, and that nothing of a login is kept."""
    kind = "pulumi-python:dynamic/groundplan:WorkspaceQuotas"
    rows = {row["urn"].rpartition("::")[2]: row["outputs"] for row in found.rows if row["type"] == kind}
    assert rows["full"]["limits"] == {"standardDSv2Family": 24, "StandardNCASv3_T4Family": 8}
    assert set(rows["locked-down"]["limits"].values()) == {0}
    assert all(set(outputs) == {"__provider", "limits", "workspaceId"} for outputs in rows.values())
