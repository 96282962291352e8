# SPDX-License-Identifier: Apache-2.0
"""The life of real resources: real engine, real emulator, and the real SDK where the program is about it."""

import json

from tests.fixtures.azure import RunningAzure
from tests.provider.conftest import Stack

SDK = """
import pulumi
import pulumi_azure_native as azure

cfg = pulumi.Config()
group = azure.resources.ResourceGroup("shore", resource_group_name="life")
account = azure.storage.StorageAccount(
    "acct",
    resource_group_name=group.name,
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    access_tier=cfg.get("tier") or "Hot",
    tags={"note": pulumi.Output.secret("sesame-tag")},
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
pulumi.export("network", vnet.id)
pulumi.export("subnet", subnet.id)
pulumi.export("note", account.tags["note"])
pulumi.export("key", keys.keys[0].value)
"""

# plain tokens instead of the SDK's classes: such a program starts in a third of the time
PLAIN = """
import pulumi

cfg = pulumi.Config()

class Resource(pulumi.CustomResource):
    name: pulumi.Output[str]

    def __init__(self, token, logical, opts=None, **inputs):
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(version="3.29.0"), opts)
        super().__init__(f"azure-native:{token}", logical, {"name": None, **inputs}, opts)

"""


def test_up_again_update_drift_destroy(stack: Stack, azure: RunningAzure) -> None:
    """Up, an empty second preview, exactly one update, drift found and mended, nothing left after destroy, no secret told."""
    stack.write(SDK)

    planned = stack.preview()
    assert "+ 5 to create" in planned
    done = stack.up()
    assert "+ 5 created" in done
    stack.unchanged()
    outputs = stack.outputs("--show-secrets")
    assert azure.arm("GET", outputs["subnet"], api_version="2024-05-01").status_code == 200
    assert outputs["note"] == "sesame-tag"
    told = planned + done + json.dumps(stack.state())
    for secret in (outputs["note"], outputs["key"]):
        assert secret not in told

    stack.pulumi("config", "set", "tier", "Cool")
    planned = stack.preview()
    assert "~ 1 to update" in planned
    assert "4 unchanged" in planned
    assert "~ 1 updated" in stack.up()

    azure.arm("PATCH", outputs["network"], {"tags": {"cost.center": "13"}}, api_version="2024-05-01")
    azure.arm("DELETE", outputs["subnet"], api_version="2024-05-01")
    refreshed = stack.refresh()
    assert "~ 1 updated" in refreshed
    assert "- 1 deleted" in refreshed
    mended = stack.up()
    assert "~ 1 updated" in mended
    assert "+ 1 created" in mended

    assert "- 5 deleted" in stack.destroy()
    assert azure.arm("GET", "/resourceGroups/life").status_code == 404


WRONG = """
group = Resource("resources:ResourceGroup", "wrong", resourceGroupName="wrong")
Resource("storage:StorageAccount", "acct", resourceGroupName=group.name, kind="StorageVII", sku={"name": "Standard_LRS"})
"""


def test_wrong_inputs_are_told_before_anything_is_created(stack: Stack, azure: RunningAzure) -> None:
    """A wrong enum on its resource and property; a type outside the table by its name."""
    stack.write(PLAIN + WRONG)
    said = stack.preview(code=1)
    assert "property kind value {StorageVII} has a problem: 'StorageVII' is not allowed; allowed: 'Storage'" in said
    assert azure.arm("GET", "/resourceGroups/wrong").status_code == 404

    stack.write(PLAIN + 'Resource("batch:BatchAccount", "jobs", resourceGroupName="wrong")')
    said = stack.preview(code=1)
    assert "'azure-native:batch:BatchAccount' is not in Groundplan's table of Azure types" in said
    assert "docs/add-a-type.md" in said


PARTIAL = """
group = Resource("resources:ResourceGroup", "partial", resourceGroupName="partial")
within = {"resourceGroupName": group.name}
vnet = Resource(
    "network:VirtualNetwork", "vnet", **within, virtualNetworkName="half", addressSpace={"addressPrefixes": ["10.0.0.0/16"]}
)
Resource("network:Subnet", "s", **within, virtualNetworkName=vnet.name, addressPrefix="10.0.1.0/24")
"""


def test_a_failed_create_is_taken_up_by_the_next_up(stack: Stack, azure: RunningAzure) -> None:
    """What is left behind is in the state; the next up mends it and goes on."""
    stack.write(PLAIN + PARTIAL)
    azure.fault(path=".*/virtualNetworks/half$", method="PUT", status=500, code="AllocationFailed", phase="operation")
    failed = stack.up(code=1)

    assert 'Code="AllocationFailed"' in failed
    assert stack.resource("vnet")["initErrors"]
    mended = stack.up()
    assert "~ 1 updated" in mended
    assert "+ 1 created" in mended
    stack.unchanged()


REPLACED = """
group = Resource("resources:ResourceGroup", "swap", resourceGroupName="swap")
location = cfg.get("location") or "westeurope"
fixed = Resource(
    "network:VirtualNetwork",
    "fixed",
    resourceGroupName=group.name,
    virtualNetworkName="fixed",
    location=location,
    addressSpace={"addressPrefixes": ["10.0.0.0/16"]},
)
free = Resource(
    "storage:StorageAccount",
    "free",
    pulumi.ResourceOptions(ignore_changes=["tags"]),
    resourceGroupName=group.name,
    location=location,
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    tags={"round": cfg.get("round") or "first"},
)
pulumi.export("fixed", fixed.id)
pulumi.export("free", free.id)
"""


def test_replacement_and_ignored_changes(stack: Stack, azure: RunningAzure) -> None:
    """A name of one's own goes before its successor comes, an automatic one after; ignored changes are none."""
    stack.write(PLAIN + REPLACED)
    stack.up()
    before = stack.outputs()
    stack.pulumi("config", "set", "round", "second")
    stack.unchanged()

    stack.pulumi("config", "set", "location", "northeurope")
    assert "+-2 replaced" in stack.up()
    after = stack.outputs()
    assert before["fixed"] == after["fixed"]
    assert before["free"] != after["free"]
    assert azure.arm("GET", after["fixed"], api_version="2024-05-01").json()["location"] == "northeurope"
    assert azure.arm("GET", before["free"], api_version="2024-01-01").status_code == 404


IMPORTED = """
vnet = Resource(
    "network:VirtualNetwork",
    "vnet",
    pulumi.ResourceOptions(import_=cfg.get("import")),
    resourceGroupName="taken",
    virtualNetworkName="taken",
    location="westeurope",
    addressSpace={"addressPrefixes": ["10.0.0.0/16"]},
)
got = Resource("network:VirtualNetwork", "got", pulumi.ResourceOptions(id=cfg.require("id")))
pulumi.export("name", got.name)
"""


def test_import_and_get(stack: Stack, azure: RunningAzure) -> None:
    """An existing network is not created over; it comes under management without a change; another program reads it."""
    id_ = f"{azure.group('taken')}/providers/Microsoft.Network/virtualNetworks/taken"
    body = {
        "location": "westeurope",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        },
    }
    azure.arm("PUT", id_, body, api_version="2024-05-01")
    stack.write(PLAIN + IMPORTED)
    stack.pulumi("config", "set", "id", id_)

    assert "cannot create already existing resource" in stack.up(code=1)
    stack.pulumi("config", "set", "import", id_)
    assert "= 1 imported" in stack.up()
    stack.pulumi("config", "rm", "import")
    stack.unchanged()
    assert stack.outputs()["name"] == "taken"
