# SPDX-License-Identifier: Apache-2.0
"""The life of real resources: real engine, real SDK, real emulator."""

import json

from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

BASIC = """
cfg = pulumi.Config()
group = azure.resources.ResourceGroup("shore", resource_group_name="life")
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
keys = azure.storage.list_storage_account_keys_output(account_name=account.name, resource_group_name=group.name)
pulumi.export("account", account.id)
pulumi.export("network", vnet.id)
pulumi.export("subnet", subnet.id)
pulumi.export("key", keys.keys[0].value)
"""


def test_up_again_update_drift_destroy(stack: Stack, azure: RunningAzure) -> None:
    """Up, an empty second preview, exactly one update, drift found and mended, and nothing left after destroy."""
    stack.write(BASIC)

    planned = stack.preview()
    assert "+ 5 to create" in planned
    assert "+ 5 created" in stack.up()
    stack.unchanged()
    outputs = stack.outputs()
    assert outputs["key"] == "[secret]"
    assert azure.arm("GET", outputs["subnet"], api_version="2024-05-01").status_code == 200

    stack.pulumi("config", "set", "tier", "Cool")
    planned = stack.preview()
    assert "~ 1 to update" in planned
    assert "4 unchanged" in planned
    assert "~ 1 updated" in stack.up()

    drift = {"tags": {"cost.center": "13"}}
    azure.arm("PATCH", outputs["network"], drift, api_version="2024-05-01")
    azure.arm("DELETE", outputs["subnet"], api_version="2024-05-01")
    refreshed = stack.refresh()
    assert "~ 1 updated" in refreshed
    assert "- 1 deleted" in refreshed
    mended = stack.up()
    assert "~ 1 updated" in mended
    assert "+ 1 created" in mended

    assert "- 5 deleted" in stack.destroy()
    assert azure.arm("GET", "/resourceGroups/life").status_code == 404


SECRET = """
group = azure.resources.ResourceGroup("hush", resource_group_name="hush", tags={"note": pulumi.Output.secret("sesame-tag")})
vnet = azure.network.VirtualNetwork(
    "vnet",
    resource_group_name=group.name,
    address_space={"address_prefixes": ["10.0.0.0/16"]},
    tags={"from": group.tags["note"]},
)
keys = azure.storage.list_storage_account_keys_output(
    account_name=azure.storage.StorageAccount(
        "acct", resource_group_name=group.name, kind="StorageV2", sku={"name": "Standard_LRS"}
    ).name,
    resource_group_name=group.name,
)
pulumi.export("note", group.tags["note"])
pulumi.export("key", keys.keys[0].value)
"""


def test_secrets_are_not_in_the_state(stack: Stack) -> None:
    """Neither what the program marked, nor what a function answered, nor in what the commands say."""
    stack.write(SECRET)
    said = stack.preview() + stack.up() + stack.preview()
    state = json.dumps(stack.state())
    shown = json.loads(stack.pulumi("stack", "output", "--json", "--show-secrets"))

    assert shown["note"] == "sesame-tag"
    for secret in (shown["note"], shown["key"]):
        assert secret not in state
        assert secret not in said
    stack.destroy()


FAILING = """
group = azure.resources.ResourceGroup("wrong", resource_group_name="wrong")
azure.storage.StorageAccount("acct", resource_group_name=group.name, kind="StorageVII", sku={"name": "Standard_LRS"})
"""


def test_wrong_inputs_are_told_before_anything_is_created(stack: Stack, azure: RunningAzure) -> None:
    """A wrong enum on its resource and property; a type outside the table by its name."""
    stack.write(FAILING)
    said = stack.preview(code=1)
    assert "property kind value {StorageVII} has a problem: 'StorageVII' is not allowed; allowed: 'Storage'" in said
    assert azure.arm("GET", "/resourceGroups/wrong").status_code == 404

    stack.write('azure.batch.BatchAccount("jobs", resource_group_name="wrong")')
    said = stack.preview(code=1)
    assert "'azure-native:batch:BatchAccount' is not in Groundplan's table of Azure types" in said
    assert "docs/add-a-type.md" in said


PARTIAL = """
group = azure.resources.ResourceGroup("partial", resource_group_name="partial")
vnet = azure.network.VirtualNetwork(
    "vnet", resource_group_name=group.name, virtual_network_name="half", address_space={"address_prefixes": ["10.0.0.0/16"]}
)
azure.network.Subnet("s", resource_group_name=group.name, virtual_network_name=vnet.name, address_prefix="10.0.1.0/24")
"""


def test_a_failed_create_is_taken_up_by_the_next_up(stack: Stack, azure: RunningAzure) -> None:
    """What is left behind is in the state; the next up mends it and goes on."""
    stack.write(PARTIAL)
    azure.fault(path=".*/virtualNetworks/half$", method="PUT", status=500, code="AllocationFailed", phase="operation")
    failed = stack.up(code=1)

    assert 'Code="AllocationFailed"' in failed
    assert stack.resource("vnet")["initErrors"]
    assert "~ 1 updated" in stack.up()
    stack.unchanged()
    stack.destroy()


REPLACED = """
cfg = pulumi.Config()
group = azure.resources.ResourceGroup("swap", resource_group_name="swap")
fixed = azure.network.VirtualNetwork(
    "fixed",
    resource_group_name=group.name,
    virtual_network_name="fixed",
    location=cfg.get("location") or "westeurope",
    address_space={"address_prefixes": ["10.0.0.0/16"]},
)
free = azure.storage.StorageAccount(
    "free",
    resource_group_name=group.name,
    location=cfg.get("location") or "westeurope",
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    tags={"round": cfg.get("round") or "1"},
    opts=pulumi.ResourceOptions(ignore_changes=["tags"]),
)
pulumi.export("fixed", fixed.id)
pulumi.export("free", free.id)
"""


def test_replacement_and_ignored_changes(stack: Stack, azure: RunningAzure) -> None:
    """A name of one's own goes before its successor comes, an automatic one after; ignored changes are none."""
    stack.write(REPLACED)
    stack.up()
    before = stack.outputs()
    stack.pulumi("config", "set", "round", "2")
    stack.unchanged()

    stack.pulumi("config", "set", "location", "northeurope")
    planned = stack.preview()
    assert "+-2 to replace" in planned
    assert "[delete-before-replace]" not in planned
    replaced = stack.up()
    assert "+-2 replaced" in replaced
    after = stack.outputs()
    assert before["fixed"] == after["fixed"]
    assert before["free"] != after["free"]
    assert azure.arm("GET", after["fixed"], api_version="2024-05-01").json()["location"] == "northeurope"
    assert azure.arm("GET", before["free"], api_version="2024-01-01").status_code == 404
    stack.destroy()


IMPORTED = """
azure.network.VirtualNetwork(
    "vnet",
    resource_group_name="taken",
    virtual_network_name="taken",
    location="westeurope",
    address_space={"address_prefixes": ["10.0.0.0/16"]},
    opts=pulumi.ResourceOptions(import_=pulumi.Config().get("import")),
)
got = azure.network.VirtualNetwork.get("got", pulumi.Config().require("id"))
pulumi.export("prefixes", got.address_space.apply(lambda space: space.address_prefixes))
"""


def test_import_and_get(stack: Stack, azure: RunningAzure) -> None:
    """An existing network comes under management without a change, and another program reads it."""
    azure.group("taken")
    id_ = (
        f"/subscriptions/{azure.subscription_id}/resourceGroups/taken/providers/Microsoft.Network/virtualNetworks/taken"
    )
    body = {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
    azure.arm("PUT", id_, body, api_version="2024-05-01")
    stack.write(IMPORTED)
    stack.pulumi("config", "set", "id", id_)

    assert "cannot create already existing resource" in stack.up(code=1)
    stack.pulumi("config", "set", "import", id_)
    assert "= 1 imported" in stack.up()
    stack.pulumi("config", "rm", "import")
    stack.unchanged()
    assert stack.outputs()["prefixes"] == ["10.0.0.0/16"]
    stack.destroy()
