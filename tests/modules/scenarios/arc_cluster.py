# SPDX-License-Identifier: Apache-2.0
"""A cluster whose agents use the internet, and one behind a private link scope."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.ArcCluster(
        "full",
        gp.ArcClusterArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            agent_public_key="MIIBCgKCAQEAfull",
            distribution="k3s",
            infrastructure="vsphere",
            admin_group_ids=("0d6f8f3a-2a5b-4b0e-8a75-0f4c5e9f1a21",),
            azure_rbac=False,
            public_network_access=True,
            agent_auto_upgrade=False,
            cluster_name="arck-full",
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Agents reach Azure over the private link scope only."""
    scope = pulumi.Output.concat(here.group.id, "/providers/Microsoft.HybridCompute/privateLinkScopes/plants")
    gp.ArcCluster(
        "locked-down",
        gp.ArcClusterArgs(
            resource_group_name=here.group.name, agent_public_key="MIIBCgKCAQEAclosed", private_link_scope_id=scope
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("kubernetes:ConnectedCluster", "full")
    assert full["arcAgentProfile"] == {"agentAutoUpgrade": "Disabled"}
    assert full["privateLinkState"] == "Disabled"
    closed = found.one("kubernetes:ConnectedCluster", "locked-down")
    assert closed["privateLinkState"] == "Enabled"
    assert closed["privateLinkScopeResourceId"].endswith("/privateLinkScopes/plants")
    assert closed["aadProfile"] == {"enableAzureRBAC": True}
    (outputs,) = (row["outputs"] for row in found.rows if row["urn"].endswith("ArcCluster::locked-down"))
    assert len(outputs["principalId"]) == 36
