# SPDX-License-Identifier: Apache-2.0
"""How a wait for Azure ends."""

import time
from collections.abc import Callable

from google.protobuf import empty_pb2

from groundplan_provider.values import from_struct
from tests.fixtures.azure import RunningAzure
from tests.provider.plugin import init_failed, plugin
from tests.provider.protocol.resources import (
    CLUSTER,
    CLUSTER_INPUTS,
    VNET,
    VNET_INPUTS,
)


def wait_for(condition: Callable[[], object]) -> None:
    """Until it holds, for 30 seconds at the most."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "nothing began within 30 s"
        time.sleep(0.02)


def test_cancel_ends_a_wait(fresh_azure: RunningAzure) -> None:
    """An operation that would go on for ever; what it began stays in the state."""
    fresh_azure.group("slow")
    fresh_azure.clock(mode="manual")
    with plugin(fresh_azure.env) as provider:
        inputs, failures = provider.check(CLUSTER, {**CLUSTER_INPUTS, "resourceGroupName": "slow"})
        assert failures == {}
        begun = provider.begin_create(CLUSTER, inputs)
        wait_for(lambda: fresh_azure.status()["operations"])
        assert not begun.done()
        provider.stub.Cancel(empty_pb2.Empty())
        error = begun.exception(timeout=30)

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
        wait_for(lambda: fresh_azure.status()["operations"])
        fresh_azure.clock(advance=3600)

        assert from_struct(begun.result(timeout=30).properties)["provisioningState"] == "Succeeded"


def test_a_wait_has_an_end(fresh_azure: RunningAzure) -> None:
    """The resource option custom_timeouts."""
    fresh_azure.group("slow")
    fresh_azure.clock(mode="manual")
    with plugin(fresh_azure.env) as provider:
        inputs, _ = provider.check(CLUSTER, {**CLUSTER_INPUTS, "resourceGroupName": "slow"})
        error = provider.begin_create(CLUSTER, inputs, timeout=0.5).exception(timeout=30)

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
        wait_for(lambda: fresh_azure.control("GET", "faults")["value"] == [])  # the request is there
        fresh_azure.process.kill()
        error = begun.exception(timeout=30)

    detail = init_failed(error) if error else None
    assert detail is not None
    assert "run the command again to go on" in detail.reasons[0]
