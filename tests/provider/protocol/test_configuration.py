# SPDX-License-Identifier: Apache-2.0
"""What an engine asks besides resources."""

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from groundplan_provider.values import Secret, from_struct, to_struct
from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import Plugin, failure
from tests.provider.protocol.resources import ACCOUNT, ACCOUNT_INPUTS


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
