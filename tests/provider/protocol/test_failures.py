# SPDX-License-Identifier: Apache-2.0
"""What Azure refuses or leaves half done, as the engine hears it."""

import grpc
import pytest

from groundplan_provider.values import COMPUTED, Secret, from_struct
from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import Plugin, failure, init_failed, plugin
from tests.provider.protocol.resources import SUBNET, VNET, VNET_INPUTS


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
