# SPDX-License-Identifier: Apache-2.0
"""The life of real resources through the real engine."""

from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

BASIC = """
cfg = pulumi.Config()
group = azure.resources.ResourceGroup("shore", resource_group_name=cfg.require("group"))
account = azure.storage.StorageAccount(
    "acct",
    resource_group_name=group.name,
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    access_tier=cfg.get("tier") or "Hot",
)
vnet = azure.network.VirtualNetwork(
    "vnet",
    resource_group_name=group.name,
    address_space={"address_prefixes": ["10.0.0.0/16"]},
    tags={"cost.center": "42"},
)
subnet = azure.network.Subnet(
    "hosts", resource_group_name=group.name, virtual_network_name=vnet.name, address_prefix="10.0.1.0/24"
)
pulumi.export("account", account.name)
pulumi.export("subnet", subnet.id)
"""


def test_up_update_refresh_destroy(stack: Stack, azure: RunningAzure) -> None:
    """Up, an empty second preview, one update, an empty refresh, and nothing left after destroy."""
    stack.write(BASIC)
    stack.pulumi("config", "set", "group", "life")

    assert "+ 5 to create" in stack.preview()
    assert "+ 5 created" in stack.up()
    stack.unchanged()
    assert azure.arm("GET", stack.outputs()["subnet"], api_version="2024-05-01").json()["properties"]["addressPrefix"]

    stack.pulumi("config", "set", "tier", "Cool")
    planned = stack.preview()
    assert "~ 1 to update" in planned
    assert "4 unchanged" in planned
    assert "~ 1 updated" in stack.up()
    assert "5 unchanged" in stack.refresh()
    stack.unchanged()

    assert "- 5 deleted" in stack.destroy()
    assert azure.arm("GET", "/resourceGroups/life").status_code == 404
