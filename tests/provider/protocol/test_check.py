# SPDX-License-Identifier: Apache-2.0
"""What the provider makes of a program's inputs."""

import grpc
import pytest
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from groundplan_provider.values import COMPUTED, Asset, Secret
from tests.provider.plugin import Plugin, failure
from tests.provider.protocol.resources import ACCOUNT, ACCOUNT_INPUTS, COMPUTE, GRANT, GROUP, SUBNET


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
