# SPDX-License-Identifier: Apache-2.0
"""The provider over its own protocol, against a real emulator."""

import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from groundplan_provider.values import COMPUTED, Asset, Properties, Secret, from_struct, to_struct
from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import Plugin, init_failed, plugin

GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
VNET = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
ENDPOINT = "azure-native:network:PrivateEndpoint"
ZONE = "azure-native:privatedns:PrivateZone"
COMPUTE = "azure-native:machinelearningservices:Compute"
GRANT = "azure-native:authorization:RoleAssignment"

ACCOUNT_INPUTS = {"resourceGroupName": "protocol", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
CLUSTER = "azure-native:containerservice:ManagedCluster"
CLUSTER_INPUTS = {
    "dnsPrefix": "slow",
    "identity": {"type": "SystemAssigned"},
    "agentPoolProfiles": [{"name": "system", "count": 1, "vmSize": "Standard_DS2_v2", "mode": "System"}],
}
VNET_INPUTS = {"resourceGroupName": "protocol", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}


@pytest.fixture(scope="module")
def provider(azure: RunningAzure) -> Iterator[Plugin]:
    """One plugin for the module, in a resource group of its own."""
    azure.group("protocol")
    with plugin(azure.env) as running:
        yield running


def failure(call: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    return str(call.value.details())  # pyright: ignore[reportAttributeAccessIssue]


# -- Check


def test_check_names_places_and_versions(provider: Plugin) -> None:
    """A random name from the seed, the resource group's location, the API version."""
    inputs, failures = provider.check(ACCOUNT, ACCOUNT_INPUTS, name="acct")

    assert failures == {}
    assert inputs["accountName"] == provider.check(ACCOUNT, ACCOUNT_INPUTS, name="acct")[0]["accountName"]
    assert inputs["accountName"].startswith("acct")
    assert inputs["location"] == "westeurope"
    assert inputs["azureApiVersion"] == "2024-01-01"
    assert inputs["__createBeforeDelete"]


def test_check_keeps_name_and_location(provider: Plugin) -> None:
    """What was chosen once stays, whatever the seed says later."""
    first, _ = provider.check(ACCOUNT, ACCOUNT_INPUTS)
    again, _ = provider.check(ACCOUNT, ACCOUNT_INPUTS, {**first, "location": "northeurope"}, seed=b"other")

    assert {**first, "location": "northeurope"} == again


def test_check_copies_the_name_of_a_child(provider: Plugin) -> None:
    """And a role assignment's is a UUID."""
    subnet, _ = provider.check(SUBNET, {"resourceGroupName": "protocol", "virtualNetworkName": "v"}, name="hosts")
    grant, _ = provider.check(GRANT, {"scope": "/subscriptions/s", "principalId": "p", "roleDefinitionId": "r"})

    assert subnet["subnetName"] == "hosts"
    assert len(grant["roleAssignmentName"]) == 36
    assert "__createBeforeDelete" not in subnet


def test_check_obeys_the_autonaming_configuration(provider: Plugin) -> None:
    """The engine's proposal, or no name at all."""
    options = provider_pb2.CheckRequest.AutonamingOptions
    named, _ = provider.check(ACCOUNT, ACCOUNT_INPUTS, autonaming=options(proposed_name="ours", mode=options.ENFORCE))
    _, failures = provider.check(ACCOUNT, ACCOUNT_INPUTS, autonaming=options(mode=options.DISABLE))

    assert named["accountName"] == "ours"
    assert list(failures) == ["accountName"]


def test_check_reports_everything_on_its_property(provider: Plugin) -> None:
    """A wrong value, a missing one, an unknown one: each by its path, all at once."""
    _, failures = provider.check(
        ACCOUNT, {"resourceGroupName": "protocol", "sku": {"name": "Standrd_LRS"}, "accessTeir": "Hot"}
    )

    assert {"accessTeir", "kind", "sku.name"} == set(failures)
    assert failures["kind"] == "missing required property 'kind'"
    assert "'Standard_LRS'" in failures["sku.name"]
    assert "accessTier" in failures["accessTeir"]


def test_check_judges_nothing_unknown(provider: Plugin) -> None:
    """A preview knows less; what it knows is judged."""
    inputs, failures = provider.check(
        ACCOUNT, {"resourceGroupName": COMPUTED, "kind": COMPUTED, "sku": {"name": COMPUTED}, "accessTier": "Luke"}
    )

    assert list(failures) == ["accessTier"]
    assert inputs["location"] is COMPUTED


def test_the_default_location_follows_the_group(provider: Plugin) -> None:
    """Also when the group was made anew somewhere else in the same run."""
    for location in ("westeurope", "northeurope"):
        id_, _, _ = provider.make(GROUP, {"resourceGroupName": "moving", "location": location})
        inputs, _ = provider.check(ACCOUNT, {**ACCOUNT_INPUTS, "resourceGroupName": "Moving"})
        assert location == inputs["location"]
        provider.delete(GROUP, id_)


def test_a_versioned_token_is_the_same_type(provider: Plugin) -> None:
    """Programs may pin an API version by the module."""
    inputs, failures = provider.check("azure-native:storage/v20230101:StorageAccount", ACCOUNT_INPUTS)

    assert failures == {}
    assert inputs["accountName"]


def test_check_wants_a_location_somewhere(provider: Plugin) -> None:
    """A resource group has no group to take it from."""
    _, failures = provider.check(GROUP, {"resourceGroupName": "g"})

    assert list(failures) == ["location"]
    assert "azure-native:location" in failures["location"]


def test_check_refuses_assets(provider: Plugin) -> None:
    """Azure Resource Manager takes text."""
    asset = Asset({rpc._special_sig_key: rpc._special_asset_sig, "text": "hello"})
    _, failures = provider.check(ACCOUNT, {**ACCOUNT_INPUTS, "tags": {"a": asset}})

    assert list(failures) == ["tags.a"]


def test_check_marks_listed_secrets(provider: Plugin) -> None:
    """A password that the program passed as plain text is encrypted all the same."""
    inputs, failures = provider.check(
        COMPUTE,
        {
            "resourceGroupName": "protocol",
            "workspaceName": "w",
            "properties": {
                "computeType": "AmlCompute",
                "properties": {"userAccountCredentials": {"adminUserName": "me", "adminUserPassword": "sesame"}},
            },
        },
    )

    assert failures == {}
    credentials = inputs["properties"]["properties"]["userAccountCredentials"]
    assert {"adminUserName": "me", "adminUserPassword": Secret("sesame")} == credentials


def test_a_failure_does_not_tell_the_secret(provider: Plugin) -> None:
    """Wrong values are quoted in failures, secret ones are not."""
    _, failures = provider.check(ACCOUNT, {**ACCOUNT_INPUTS, "accessTier": Secret("sesame")})

    assert list(failures) == ["accessTier"]
    assert "sesame" not in failures["accessTier"]


def test_an_unknown_type_is_named(provider: Plugin) -> None:
    """At Check, before anything is created, with the way out."""
    with pytest.raises(grpc.RpcError) as call:
        provider.check("azure-native:hybridcompute:Machine", {})

    assert "'azure-native:hybridcompute:Machine'" in failure(call)
    assert "docs/add-a-type.md" in failure(call)


# -- Diff

KINDS = provider_pb2.PropertyDiff


def account(**more: object) -> Properties:
    return {**ACCOUNT_INPUTS, "accountName": "a", "location": "westeurope", "azureApiVersion": "2024-01-01", **more}


def entries(answer: provider_pb2.DiffResponse) -> dict[str, str]:
    return {path: KINDS.Kind.Name(entry.kind) for path, entry in answer.detailedDiff.items()}


def test_diff_is_by_property(provider: Plugin) -> None:
    """Additions, updates and removals, each with its path; nothing is replaced."""
    answer = provider.diff(
        ACCOUNT,
        account(tags={"a": "1", "b.c": "2"}, accessTier="Hot"),
        account(tags={"a": "2"}, sku={"name": "Standard_GRS"}, minimumTlsVersion="TLS1_2", accessTier="Hot"),
        {},
    )

    assert entries(answer) == {
        "tags.a": "UPDATE",
        'tags["b.c"]': "DELETE",
        "sku.name": "UPDATE",
        "minimumTlsVersion": "ADD",
    }
    assert not answer.replaces


def test_diff_ignores_what_azure_ignores(provider: Plugin) -> None:
    """Case of regions and group names, the API version, and what Azure filled in."""
    answer = provider.diff(
        ACCOUNT,
        account(),
        account(location="West Europe", resourceGroupName="PROTOCOL", azureApiVersion="2023-01-01"),
        {"accessTier": "Hot", "creationTime": "now"},
    )

    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


@pytest.mark.parametrize(
    ("change", "replaced"),
    [
        ({"accountName": "b"}, ["accountName"]),
        ({"resourceGroupName": "other"}, ["resourceGroupName"]),
        ({"location": "northeurope"}, ["location"]),
        ({"isHnsEnabled": True}, ["isHnsEnabled"]),
        ({"accountName": COMPUTED}, ["accountName"]),
        ({"accessTier": COMPUTED}, []),
    ],
)
def test_diff_replaces_for_ids_and_create_only_properties(
    provider: Plugin, change: Properties, replaced: list[str]
) -> None:
    """Also when the new value is not known yet; a name of one's own can not stand beside the old one."""
    answer = provider.diff(ACCOUNT, account(), account(**change), {})

    assert replaced == list(answer.replaces)
    assert bool(replaced) == answer.deleteBeforeReplace


def test_diff_replaces_beside_when_the_name_is_automatic(provider: Plugin) -> None:
    """Create first, then delete: the new one has another name."""
    automatic = {"__createBeforeDelete": True}
    answer = provider.diff(ACCOUNT, account(**automatic), account(location="northeurope", **automatic), {})

    assert list(answer.replaces) == ["location"]
    assert not answer.deleteBeforeReplace


def test_diff_does_not_replace_for_what_is_already_so(provider: Plugin) -> None:
    """Spelling out a create-only default is an update."""
    answer = provider.diff(ACCOUNT, account(), account(isHnsEnabled=False), {"isHnsEnabled": False})

    assert entries(answer) == {"isHnsEnabled": "ADD"}


def test_diff_respects_ignore_changes(provider: Plugin) -> None:
    """Whole subtrees and wildcards."""
    new = account(tags={"a": "2", "b": "3"}, isHnsEnabled=True, sku={"name": "Standard_GRS"})
    answer = provider.diff(ACCOUNT, account(tags={"a": "1", "b": "1"}), new, {}, ("tags.*", "isHnsEnabled"))

    assert entries(answer) == {"sku.name": "UPDATE"}


def test_diff_sees_through_secrets(provider: Plugin) -> None:
    """A value that only became secret is the same value."""
    answer = provider.diff(ACCOUNT, account(accessTier="Hot"), account(accessTier=Secret("Hot")), {})

    assert entries(answer) == {}


# -- the life of a resource


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


# -- failures


def test_arms_refusal_is_told_with_code_and_target(provider: Plugin) -> None:
    """And leaves nothing behind."""
    inputs, _ = provider.check(SUBNET, {"resourceGroupName": "protocol", "virtualNetworkName": "nowhere"}, name="s")
    with pytest.raises(grpc.RpcError) as call:
        provider.create(SUBNET, {**inputs, "addressPrefix": "10.0.0.0/24"})

    assert 'Code="ParentResourceNotFound"' in failure(call)
    assert init_failed(call.value) is None


def test_arms_refusal_does_not_tell_a_secret(provider: Plugin, azure: RunningAzure) -> None:
    """Azure quotes what it refuses; we do not."""
    azure.fault(path=".*/virtualNetworks/quote.*", method="PUT", status=400, message="'sesame' is no tag")
    inputs, _ = provider.check(VNET, {**VNET_INPUTS, "tags": {"a": Secret("sesame")}}, name="quote")
    with pytest.raises(grpc.RpcError) as call:
        provider.create(VNET, inputs)

    assert "'[secret]' is no tag" in failure(call)


def test_an_unknown_never_goes_to_azure(provider: Plugin) -> None:
    """An engine does not ask for it; if one did, it would hear which property."""
    with pytest.raises(grpc.RpcError) as call:
        provider.create(VNET, {**VNET_INPUTS, "virtualNetworkName": "v", "tags": {"a": COMPUTED}})

    assert "not known yet" in failure(call)
    assert failure(call).endswith(": tags")


def test_throttling_is_waited_out(provider: Plugin, azure: RunningAzure) -> None:
    """429 and 503 are tried again, after the time that Azure names."""
    azure.fault(path=".*/virtualNetworks/thr.*", method="PUT", status=429, times=2)

    provider.make(VNET, VNET_INPUTS, name="thr")


def test_no_azure_is_a_clear_error(azure: RunningAzure) -> None:
    """The address, and what to do."""
    nowhere = {**azure.env, "IDENTITY_ENDPOINT": "http://127.0.0.1:9/msi/token"}
    with plugin(nowhere) as lonely, pytest.raises(grpc.RpcError) as call:
        lonely.read(
            VNET,
            f"/subscriptions/{azure.subscription_id}/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v",
        )

    expected = "the Azure on localhost at http://127.0.0.1:9 does not answer; start it with 'groundplan local start'"
    assert expected == failure(call)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"IDENTITY_ENDPOINT": ""}, "IDENTITY_ENDPOINT is not set"),
        ({"IDENTITY_ENDPOINT": "localhost"}, "IDENTITY_ENDPOINT is 'localhost'"),
        ({"AZURE_SUBSCRIPTION_ID": "", "ARM_SUBSCRIPTION_ID": ""}, "azure-native:subscriptionId"),
        ({"GROUNDPLAN_ON_DELETE": "burn"}, "GROUNDPLAN_ON_DELETE is 'burn'; allowed: keep, purge"),
    ],
)
def test_a_wrong_environment_is_named(azure: RunningAzure, change: dict[str, str], said: str) -> None:
    """At Configure, before anything else."""
    with pytest.raises(grpc.RpcError) as call, plugin({**azure.env, **change}):
        pass

    assert said in failure(call)


def test_a_failed_operation_leaves_partial_state(provider: Plugin, azure: RunningAzure) -> None:
    """Azure took the create on and failed later: the resource is in the state, and an update goes on from there."""
    azure.fault(path=".*/virtualNetworks/half.*", method="PUT", status=500, code="SkuNotAvailable", phase="operation")
    inputs, _ = provider.check(VNET, VNET_INPUTS, name="half")
    with pytest.raises(grpc.RpcError) as call:
        provider.create(VNET, inputs, name="half")
    detail = init_failed(call.value)

    assert detail is not None
    assert 'Code="SkuNotAvailable"' in detail.reasons[0]
    outputs = from_struct(detail.properties)
    assert outputs["provisioningState"] == "Failed"
    after = provider.update(VNET, detail.id, inputs, inputs, outputs)
    assert after["provisioningState"] == "Succeeded"


def test_a_failed_operation_that_leaves_nothing_is_a_plain_failure(provider: Plugin, azure: RunningAzure) -> None:
    """Azure took the create on, failed, and cleaned up after itself."""
    azure.fault(path=".*/virtualNetworks/tidy.*", method="PUT", status=500, code="Tidied", phase="operation")
    azure.fault(path=".*/virtualNetworks/tidy.*", method="GET", status=404, code="ResourceNotFound", times=2)
    inputs, _ = provider.check(VNET, VNET_INPUTS, name="tidy")
    with pytest.raises(grpc.RpcError) as call:
        provider.create(VNET, inputs, name="tidy")

    assert 'Code="Tidied"' in failure(call)
    assert init_failed(call.value) is None


def test_an_answer_that_lies_leaves_partial_state(provider: Plugin, azure: RunningAzure) -> None:
    """Refused in words, carried out in deed."""
    azure.fault(path=".*/virtualNetworks/liar.*", method="PUT", status=400, phase="after")
    inputs, _ = provider.check(VNET, VNET_INPUTS, name="liar")
    with pytest.raises(grpc.RpcError) as call:
        provider.create(VNET, inputs, name="liar")

    assert init_failed(call.value) is not None


def test_a_refused_update_leaves_the_state_alone(provider: Plugin, azure: RunningAzure) -> None:
    """Nothing happened, so the next preview shows the same change again."""
    id_, inputs, outputs = provider.make(VNET, VNET_INPUTS, name="refused")
    azure.fault(path=id_, method="PUT", status=409, code="AnotherOperationInProgress")
    with pytest.raises(grpc.RpcError) as call:
        provider.update(VNET, id_, inputs, {**inputs, "tags": {"a": "b"}}, outputs)

    assert 'Code="AnotherOperationInProgress"' in failure(call)
    assert init_failed(call.value) is None


def test_cancel_ends_a_wait(fresh_azure: RunningAzure) -> None:
    """An operation that would go on for ever; what it began stays in the state."""
    fresh_azure.group("slow")
    fresh_azure.clock(mode="manual")
    with plugin(fresh_azure.env) as provider:
        inputs, failures = provider.check(CLUSTER, {**CLUSTER_INPUTS, "resourceGroupName": "slow"})
        assert failures == {}
        begun = provider.begin_create(CLUSTER, inputs)
        deadline = time.monotonic() + 10
        while not fresh_azure.status()["operations"] and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not begun.done()
        provider.stub.Cancel(empty_pb2.Empty())
        error = begun.exception(timeout=10)

    detail = init_failed(error)
    assert detail is not None
    assert detail.id.endswith(inputs["resourceName"])


def test_a_wait_ends_with_the_operation(fresh_azure: RunningAzure) -> None:
    """As soon as Azure's clock says so, with what became of the resource."""
    fresh_azure.group("slow")
    fresh_azure.clock(mode="manual")
    with plugin(fresh_azure.env) as provider:
        inputs, _ = provider.check(CLUSTER, {**CLUSTER_INPUTS, "resourceGroupName": "slow"})
        begun = provider.begin_create(CLUSTER, inputs)
        deadline = time.monotonic() + 10
        while not fresh_azure.status()["operations"] and time.monotonic() < deadline:
            time.sleep(0.02)
        fresh_azure.clock(advance=3600)

        assert from_struct(begun.result(timeout=10).properties)["provisioningState"] == "Succeeded"


def test_a_wait_has_an_end(fresh_azure: RunningAzure) -> None:
    """The resource option custom_timeouts."""
    fresh_azure.group("slow")
    fresh_azure.clock(mode="manual")
    with plugin(fresh_azure.env) as provider:
        inputs, _ = provider.check(CLUSTER, {**CLUSTER_INPUTS, "resourceGroupName": "slow"})
        error = provider.begin_create(CLUSTER, inputs, timeout=0.5).exception(timeout=20)

    detail = init_failed(error)
    assert detail is not None
    assert "not finished after 0.5 s" in detail.reasons[0]


def test_a_broken_connection_leaves_partial_state(fresh_azure: RunningAzure) -> None:
    """Nobody knows whether Azure carried it out: the state keeps the id, so that nothing is orphaned."""
    fresh_azure.group("broken")
    fresh_azure.fault(path=".*/virtualNetworks/.*", method="PUT", delay=30)
    with plugin(fresh_azure.env) as provider:
        inputs, _ = provider.check(VNET, {**VNET_INPUTS, "resourceGroupName": "broken"})
        begun = provider.begin_create(VNET, inputs)
        time.sleep(1)  # on its way
        fresh_azure.process.kill()
        error = begun.exception(timeout=20)

    detail = init_failed(error) if error else None
    assert detail is not None
    assert "run the command again to go on" in detail.reasons[0]


def test_an_interrupted_create_is_taken_up_again(azure: RunningAzure, tmp_path: Path) -> None:
    """What this very resource of this very stack began, and nothing else."""
    azure.group("journal")
    with plugin({**azure.env, "GROUNDPLAN_PROVIDER_JOURNAL": str(tmp_path / "journal")}) as provider:
        inputs, _ = provider.check(VNET, {**VNET_INPUTS, "resourceGroupName": "journal"}, name="mine")
        first, _ = provider.create(VNET, inputs, name="mine")

        assert first == provider.create(VNET, inputs, name="mine")[0]
        with pytest.raises(grpc.RpcError, match="cannot create already existing resource"):
            provider.create(VNET, inputs, name="another")
        provider.delete(VNET, first, inputs, {})
        azure.arm("PUT", first, {"location": "westeurope", "properties": inputs_of_network()}, api_version="2024-05-01")
        with pytest.raises(grpc.RpcError, match="cannot create already existing resource"):
            provider.create(VNET, inputs, name="mine")


def test_an_interrupted_create_keeps_its_automatic_name(azure: RunningAzure, tmp_path: Path) -> None:
    """Until the engine shows that its state knows the resource; a replacement then gets a name of its own."""
    azure.group("journal")
    given = {**VNET_INPUTS, "resourceGroupName": "journal"}
    with plugin({**azure.env, "GROUNDPLAN_PROVIDER_JOURNAL": str(tmp_path / "journal")}) as provider:
        id_, inputs, outputs = provider.make(VNET, given)
        again, _ = provider.check(VNET, given, seed=b"another run")
        provider.diff(VNET, inputs, inputs, outputs, id_=id_)
        replacement, _ = provider.check(VNET, given, seed=b"another run")

    assert inputs["virtualNetworkName"] == again["virtualNetworkName"]
    assert inputs["virtualNetworkName"] != replacement["virtualNetworkName"]


def inputs_of_network() -> dict[str, object]:
    return {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}


# -- what an engine asks besides


def test_configuration_keys_are_checked(provider: Plugin) -> None:
    """A misspelt one is named, a secret one is marked."""
    answer = provider.stub.CheckConfig(
        provider_pb2.CheckRequest(news=to_struct({"locaton": "x", "clientSecret": "s", "version": "3.29.0"}))
    )

    assert {found.property: found.reason for found in answer.failures} == {
        "locaton": "azure-native has no configuration key 'locaton'; did you mean 'location'?"
    }
    assert Secret("s") == from_struct(answer.inputs)["clientSecret"]


def test_the_schema_is_clearly_not_there(provider: Plugin) -> None:
    """Code generation needs the vendor's plugin."""
    with pytest.raises(grpc.RpcError) as call:
        provider.stub.GetSchema(provider_pb2.GetSchemaRequest())

    assert call.value.code() == grpc.StatusCode.UNIMPLEMENTED  # pyright: ignore[reportAttributeAccessIssue]
    assert "no package schema" in failure(call)


def test_functions(provider: Plugin, azure: RunningAzure) -> None:
    """A get, a list of keys (secret), who we are, and one that does not exist."""
    _, inputs, _ = provider.make(ACCOUNT, ACCOUNT_INPUTS, name="asked")
    named = {"resourceGroupName": "protocol", "accountName": inputs["accountName"]}

    assert provider.invoke("azure-native:storage:getStorageAccount", named)["kind"] == "StorageV2"
    keys = provider.invoke("azure-native:storage:listStorageAccountKeys", named)["keys"]
    assert isinstance(keys, Secret)
    assert {"key1", "key2"} == {key["keyName"] for key in keys.value}
    who = provider.invoke("azure-native:authorization:getClientConfig", {})
    assert azure.subscription_id == who["subscriptionId"]
    assert azure.tenant_id == who["tenantId"]
    assert isinstance(provider.invoke("azure-native:authorization:getClientToken", {})["token"], Secret)
    with pytest.raises(grpc.RpcError) as call:
        provider.invoke("azure-native:storage:getStorageAccount", {**named, "accountName": "nobody"})
    assert "does not exist" in failure(call)
