# SPDX-License-Identifier: Apache-2.0
"""What an interrupted create began is taken up again."""

from pathlib import Path

import grpc
import pytest

from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import plugin
from tests.provider.protocol.resources import VNET, VNET_INPUTS


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
