# SPDX-License-Identifier: Apache-2.0
"""Create, read, import, update and delete, against a real emulator."""

import grpc
import pytest

from groundplan_provider.values import COMPUTED, Properties, Secret
from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import Plugin, entries, failure
from tests.provider.protocol.resources import ACCOUNT, ACCOUNT_INPUTS, ENDPOINT, SUBNET, VNET, VNET_INPUTS


def test_preview_of_a_create_knows_its_inputs(provider: Plugin) -> None:
    """And nothing else: no id, no name made by Azure, at no depth."""
    inputs, _ = provider.check(VNET, {**VNET_INPUTS, "subnets": [{"name": "s", "addressPrefix": "10.0.0.0/24"}]})
    id_, outputs = provider.create(VNET, inputs, preview=True)

    assert id_ == ""
    assert outputs["addressSpace"]["addressPrefixes"] == ["10.0.0.0/16"]
    assert outputs["etag"] is COMPUTED
    assert outputs["subnets"][0]["name"] == "s"
    assert outputs["subnets"][0]["etag"] is COMPUTED


def test_preview_of_an_update_keeps_what_stays(provider: Plugin) -> None:
    """Dependents see no change where there is none."""
    id_, inputs, outputs = provider.make(VNET, VNET_INPUTS, name="kept")
    after = provider.update(VNET, id_, inputs, {**inputs, "tags": {"a": "b"}}, outputs, preview=True)

    assert after["tags"] == {"a": "b"}
    assert outputs["provisioningState"] == after["provisioningState"]
    assert outputs["addressSpace"] == after["addressSpace"]
    assert after["etag"] is COMPUTED


def test_create_refuses_what_exists(provider: Plugin) -> None:
    """In azure-native's own words."""
    id_, inputs, _ = provider.make(ACCOUNT, ACCOUNT_INPUTS, name="twice")
    with pytest.raises(grpc.RpcError) as call:
        provider.create(ACCOUNT, inputs, name="twice")

    assert f'cannot create already existing resource "{id_}"' == failure(call)


def test_what_is_gone_is_gone(provider: Plugin) -> None:
    """Read says so, and a second delete is no failure."""
    id_, inputs, outputs = provider.make(ACCOUNT, ACCOUNT_INPUTS, name="gone")
    provider.delete(ACCOUNT, id_, inputs, outputs)

    assert provider.read(ACCOUNT, id_, inputs, outputs)[0] == ""
    provider.delete(ACCOUNT, id_, inputs, outputs)


def test_refresh_without_drift_changes_nothing(provider: Plugin) -> None:
    """Inputs stay what the program said, however much Azure fills in."""
    id_, inputs, outputs = provider.make(ACCOUNT, {**ACCOUNT_INPUTS, "location": "West Europe"}, name="still")

    assert (id_, inputs, outputs) == provider.read(ACCOUNT, id_, inputs, outputs)


def test_refresh_keeps_secrets(provider: Plugin) -> None:
    """In inputs and outputs, wherever the program had marked them."""
    id_, inputs, outputs = provider.make(ACCOUNT, {**ACCOUNT_INPUTS, "tags": {"note": Secret("sesame")}}, name="hush")

    assert (id_, inputs, outputs) == provider.read(ACCOUNT, id_, inputs, outputs)


def test_refresh_carries_drift_into_the_inputs(provider: Plugin, azure: RunningAzure) -> None:
    """Of properties that the program set and of such that it left out."""
    id_, inputs, outputs = provider.make(ACCOUNT, {**ACCOUNT_INPUTS, "accessTier": "Hot"}, name="drift")
    answer = azure.arm(
        "PATCH",
        id_,
        {"properties": {"accessTier": "Cool", "allowBlobPublicAccess": True}, "tags": {"by": "hand"}},
        api_version="2024-01-01",
    )
    assert answer.status_code == 200, answer.text
    _, now, _ = provider.read(ACCOUNT, id_, inputs, outputs)

    assert {**inputs, "accessTier": "Cool", "allowBlobPublicAccess": True, "tags": {"by": "hand"}} == now


def test_import_gives_inputs_that_check_accepts(provider: Plugin) -> None:
    """What can be set, none of what only Azure fills; a further update has nothing to do."""
    id_, inputs, outputs = provider.make(VNET, VNET_INPUTS, name="imported")
    found, imported, _ = provider.read(VNET, id_)
    checked, failures = provider.check(VNET, imported)

    assert (id_, {}) == (found, failures)
    assert imported == checked
    assert VNET_INPUTS.items() <= imported.items()
    assert "provisioningState" not in imported
    assert {"ADD"} >= set(entries(provider.diff(VNET, inputs, imported, outputs)).values())


def test_import_of_a_foreign_id_is_refused(provider: Plugin) -> None:
    """With the form that is wanted."""
    with pytest.raises(grpc.RpcError) as call:
        provider.read(VNET, "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a")

    assert "is not an id of Microsoft.Network/virtualNetworks" in failure(call)


def test_subnets_of_their_own_survive_an_update_of_the_network(provider: Plugin, azure: RunningAzure) -> None:
    """A PUT of the network without a list of subnets keeps them, and they are no drift of the network."""
    id_, inputs, outputs = provider.make(VNET, VNET_INPUTS, name="parent")
    network = {"resourceGroupName": "protocol", "virtualNetworkName": inputs["virtualNetworkName"]}
    child, _, _ = provider.make(SUBNET, {**network, "addressPrefix": "10.0.1.0/24"}, name="child")

    _, refreshed, _ = provider.read(VNET, id_, inputs, outputs)
    provider.update(VNET, id_, inputs, {**inputs, "tags": {"a": "b"}}, outputs)

    assert inputs == refreshed
    assert azure.arm("GET", child, api_version="2024-05-01").status_code == 200


HUB = ("azure-native:iothub:IotHubResource", "iotHub", {"sku": {"name": "S1", "capacity": 1}})
ENROLMENT = (
    "azure-native:deviceprovisioningservices:IotDpsResource",
    "iotDps",
    {"sku": {"name": "S1", "capacity": 1}, "properties": {}},
)


@pytest.mark.parametrize(("token", "group_id", "more"), [HUB, ENROLMENT])
def test_an_endpoint_connection_is_no_drift_of_its_target(
    provider: Plugin, token: str, group_id: str, more: Properties
) -> None:
    """The list lies below `properties`, where a program could write it: it belongs to the endpoint, and an update sends it back."""
    id_, inputs, outputs = provider.make(token, {"resourceGroupName": "protocol", **more}, name=f"linked-{group_id}")
    network = {**VNET_INPUTS, "subnets": [{"name": "s", "addressPrefix": "10.0.0.0/24"}]}
    _, _, vnet = provider.make(VNET, network, name=f"links-{group_id}")
    connection = {"name": "link", "privateLinkServiceId": id_, "groupIds": [group_id]}
    endpoint = {"subnet": {"id": vnet["subnets"][0]["id"]}, "privateLinkServiceConnections": [connection]}
    provider.make(ENDPOINT, {"resourceGroupName": "protocol", **endpoint}, name=f"link-{group_id}")

    _, refreshed, live = provider.read(token, id_, inputs, outputs)
    after = provider.update(token, id_, inputs, {**inputs, "tags": {"a": "b"}}, live)

    assert inputs == refreshed
    (connected,) = live["properties"]["privateEndpointConnections"]
    assert connected["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"
    assert after["properties"]["privateEndpointConnections"] == [connected]


def test_secrets_of_the_inputs_are_secret_in_the_outputs(provider: Plugin) -> None:
    """The mark of the program follows the value."""
    _, _, outputs = provider.make(ACCOUNT, {**ACCOUNT_INPUTS, "tags": {"note": Secret("sesame")}}, name="marked")

    assert {"note": Secret("sesame")} == outputs["tags"]
