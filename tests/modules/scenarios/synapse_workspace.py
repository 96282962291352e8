# SPDX-License-Identifier: Apache-2.0
"""An open workspace with Spark pools, and a closed one."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.SynapseWorkspace(
        "full",
        gp.SynapseWorkspaceArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            lake_account_id=here.data.id,
            lake_url=here.data.dfs_endpoint,
            file_system="synapse",
            public_network_access=True,
            private_endpoint=here.placement,
            private_services=("Dev",),
            unrestricted_outbound=True,
            spark_pools={
                "prepare": gp.SparkPool(
                    spark_version="3.4", max_nodes=12, min_nodes=4, node_size="Medium", idle_minutes=30
                )
            },
            managed_resource_group_name="rg-synapse-managed",
            workspace_name=here.names("synapse_workspace", "full"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, data leaves to two tenants at most, watched and locked."""
    gp.SynapseWorkspace(
        "locked-down",
        gp.SynapseWorkspaceArgs(
            resource_group_name=here.group.name,
            lake_account_id=here.data.id,
            lake_url=here.data.dfs_endpoint,
            file_system="closed",
            private_endpoint=here.placement,
            allowed_tenant_ids=(here.client.tenant_id,),
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            workspace_name=here.names("synapse_workspace", "closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    pool = found.one("synapse:BigDataPool", "full-prepare")
    assert pool["autoScale"] == {"enabled": True, "minNodeCount": 4, "maxNodeCount": 12}
    assert pool["autoPause"] == {"enabled": True, "delayInMinutes": 30}
    assert found.awaited("full-prepare", "workspaceName") == {"full", "full-lake"}
    closed = found.one("synapse:Workspace", "locked-down")
    assert closed["azureADOnlyAuthentication"] is True
    assert closed["managedVirtualNetworkSettings"]["preventDataExfiltration"] is True
    assert closed["defaultDataLakeStorage"]["createManagedPrivateEndpoint"] is True
    assert found.one("authorization:RoleAssignment", "locked-down-lake")["principalId"]
    zones = found.one("network:PrivateDnsZoneGroup", "locked-down-sqlondemand-link-dns")["privateDnsZoneConfigs"]
    assert zones[0]["privateDnsZoneId"].endswith("/privatelink.sql.azuresynapse.net")
