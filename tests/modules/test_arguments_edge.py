# SPDX-License-Identifier: Apache-2.0
"""Edge: arguments that contradict each other or Azure's limits are refused before anything is declared."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import groundplan as gp
from groundplan.edge.manifest import MAX_PIECES, PIECE, _options

IMAGE = "crvision.azurecr.io/weld:3"


def hub(**changes: Any) -> gp.IotHubArgs:
    return gp.IotHubArgs(**(dict[str, Any]({"resource_group_name": "rg", "public_network_access": True}) | changes))


def link(**changes: Any) -> gp.LinkedHub:
    return gp.LinkedHub(
        **(dict[str, Any]({"hub_name": "h", "host": "h.azure-devices.net", "location": "westeurope"}) | changes)
    )


def edge(**changes: Any) -> gp.EdgeDeploymentArgs:
    good: dict[str, Any] = {"hub_name": "h", "target_condition": "*", "modules": {"model": gp.EdgeModule(image=IMAGE)}}
    return gp.EdgeDeploymentArgs(**(good | changes))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "hub closed": (lambda: hub(public_network_access=False), "public_network_access=True"),
    "hub units": (lambda: hub(edition="S3", units=11), "units is 11; allowed are 1 to 10 of S3"),
    "hub partitions": (lambda: hub(partitions=1), "partitions is 1; allowed are 2 to 128"),
    "hub retention": (lambda: hub(retention_days=8), "retention_days is 8; allowed are 1 to 7"),
    "hub writes as nobody": (
        lambda: hub(routes={"hot": gp.EventHubRoute(namespace_uri="sb://n", event_hub="e")}),
        "routes hot need identity_id",
    ),
    "hub route name": (
        lambda: hub(identity_id="/i", routes={"events": gp.EventHubRoute(namespace_uri="sb://n", event_hub="e")}),
        "'events' cannot name a route",
    ),
    "route time": (lambda: gp.StorageRoute(blob_endpoint="b", container="c", batch_seconds=59), "is 59"),
    "route size": (lambda: gp.StorageRoute(blob_endpoint="b", container="c", batch_megabytes=9), "is 9"),
    "provisioning alone": (
        lambda: gp.DeviceProvisioningArgs(resource_group_name="rg", hubs={}, public_network_access=True),
        "link at least one",
    ),
    "provisioning closed": (
        lambda: gp.DeviceProvisioningArgs(resource_group_name="rg", hubs={"a": link()}),
        "public_network_access=True",
    ),
    "link weight": (lambda: link(weight=1001), "weight is 1001; allowed are 0 to 1000"),
    "edge of nothing": (lambda: edge(modules={}), "modules is empty"),
    "edge to nobody": (lambda: edge(target_condition=" "), "target_condition is empty"),
    "edge priority": (lambda: edge(priority=-1), "priority is -1"),
    "edge runtime": (lambda: edge(runtime="latest"), "runtime is 'latest'"),
    "edge system module": (lambda: edge(modules={"edgeHub": gp.EdgeModule(image=IMAGE)}), "'edgeHub' cannot name"),
    "edge route": (lambda: edge(routes={"a": "FROM here TO there"}), "route 'a' is 'FROM here TO there'"),
    "edge route to nobody": (
        lambda: edge(routes={"a": 'FROM /messages/* INTO BrokeredEndpoint("/modules/mdel/inputs/x")'}),
        "route 'a' names module 'mdel'; modules: model",
    ),
    "edge image": (lambda: gp.EdgeModule(image="registry/name"), "give it with a tag or a digest"),
    "edge order": (lambda: gp.EdgeModule(image=IMAGE, startup_order=-1), "startup_order is -1"),
    "edge secret": (lambda: gp.EdgeModule(image=IMAGE, environment={"DB_PASSWORD": "hunter2"}), "'DB_PASSWORD'"),
    "edge options": (
        lambda: edge(modules={"model": gp.EdgeModule(image=IMAGE, create_options={"a": "b" * 5000})}),
        "have 5008 characters; allowed are 4096",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    make, sentence = REFUSED[case]
    with pytest.raises(gp.ArgumentError) as refused:
        make()
    assert sentence in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_password_in_the_wrong_place_is_not_repeated() -> None:
    with pytest.raises(gp.ArgumentError) as refused:
        gp.EdgeRegistry(address="a.azurecr.io", username_variable="ACR_USER", password_variable="s3cr3t/+")

    assert "password_variable is no name of a variable" in str(refused.value)
    assert "s3cr3t" not in str(refused.value)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=8))
def test_options_in_pieces_are_whole_again(options: dict[str, str]) -> None:
    """Create options of any length are cut into pieces of at most 512 characters, which together are the same JSON."""
    if len(json.dumps(options, separators=(",", ":"))) > PIECE * MAX_PIECES:
        return
    pieces = _options("model", options)

    assert json.loads("".join(pieces[key] for key in sorted(pieces))) == options
    assert max(map(len, pieces.values())) <= PIECE
