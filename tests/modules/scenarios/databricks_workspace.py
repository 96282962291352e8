# SPDX-License-Identifier: Apache-2.0
"""An open workspace in a network of Azure's, and a closed one in the platform's with the customer's key."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def managed(here: Surroundings, role: str) -> pulumi.Output[str]:
    """Id of a group that Azure is to make."""
    return here.group.id.apply(lambda group: f"{group}-dbw-{role}")


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.DatabricksWorkspace(
        "full",
        gp.DatabricksWorkspaceArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(),
            diagnostics=here.diagnostics,
            role_grants={"reader": here.reader},
            managed_resource_group_id=managed(here, "full"),
            azure_managed_network=True,
            node_public_ip=True,
            public_network_access=True,
            private_services=(),
            access_connector=False,
            double_encryption=False,
            workspace_name="dbw-full",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, in the platform's network, twice encrypted, the customer's own key, watched and locked."""
    gp.DatabricksWorkspace(
        "locked-down",
        gp.DatabricksWorkspaceArgs(
            resource_group_name=here.group.name,
            managed_resource_group_id=managed(here, "closed"),
            virtual_network_id=here.network.id,
            host_subnet_name="dbw-host",
            container_subnet_name="dbw-container",
            private_endpoint=here.placement,
            private_services=("databricks_ui_api",),
            customer_key=here.customer_key,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    full = found.one("databricks:Workspace", "full")
    assert full["parameters"]["enableNoPublicIp"] == {"value": False}
    closed = found.one("databricks:Workspace", "locked-down")
    assert closed["requiredNsgRules"] == "NoAzureDatabricksRules"
    assert closed["parameters"]["customPublicSubnetName"] == {"value": "dbw-host"}
    assert closed["encryption"]["entities"]["managedServices"]["keyVaultProperties"]["keyName"] == "platform"
    assert found.one("databricks:AccessConnector", "locked-down-connector")["identity"]["type"] == "SystemAssigned"
    outputs = {
        row["urn"].rpartition("::")[2]: row["outputs"] for row in found.under("DatabricksWorkspace", "locked-down")
    }
    assert outputs["locked-down"]["workspaceUrl"].startswith("adb-")
