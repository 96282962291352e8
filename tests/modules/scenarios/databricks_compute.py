# SPDX-License-Identifier: Apache-2.0
"""A Databricks workspace with every argument, and one whose token comes as a secret."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument; the token is plain in the program and secret from there on."""
    gp.DatabricksCompute(
        "full",
        gp.DatabricksComputeArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            databricks_workspace_id=here.databricks.id,
            workspace_url="adb-1234567890123456.7.azuredatabricks.net",
            access_token="dapi-plain-in-the-program",  # the point is that it is nowhere in the state
            location=LOCATION,
            compute_name="dbx-full",
            description="Steps that run in Databricks",
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """The token comes from the stack's secrets."""
    gp.DatabricksCompute(
        "locked-down",
        gp.DatabricksComputeArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            databricks_workspace_id=here.databricks.id,
            workspace_url=here.databricks.workspace_url,
            access_token=pulumi.Output.secret("dapi-of-the-stack"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; no token is readable in the state."""
    full = found.one("machinelearningservices:Compute", "full")
    assert full["computeName"] == "dbx-full"
    for token in ("dapi-plain-in-the-program", "dapi-of-the-stack"):
        assert token not in str(found.rows)
