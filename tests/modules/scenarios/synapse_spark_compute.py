# SPDX-License-Identifier: Apache-2.0
"""A pool with every argument, and one that jobs enter as an identity of their own."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.SynapseSparkCompute(
        "full",
        gp.SynapseSparkComputeArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            spark_pool_id=here.spark_pool.id,
            location=LOCATION,
            compute_name="spark-full",
            description="Wrangling of large tables",
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Jobs act as an identity that was given its roles on purpose."""
    gp.SynapseSparkCompute(
        "locked-down",
        gp.SynapseSparkComputeArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            spark_pool_id=here.spark_pool.id,
            identity_id=here.identity.id,
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("machinelearningservices:Compute", "full")
    assert full["computeName"] == "spark-full"
    assert full["properties"]["resourceId"].endswith("/bigDataPools/spark")
    assert full["identity"] == {"type": "SystemAssigned"}
    assert found.one("machinelearningservices:Compute", "locked-down")["identity"]["type"] == "UserAssigned"
