# SPDX-License-Identifier: Apache-2.0
"""Every type of the table: a full body comes back property by property, a wrong one is refused at the right place.

Types with a file of their own check more than the schema, so here each type meets the generic life cycle alone.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from groundplan_arm import ResourceType, load, schema
from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle, private_link
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Request, Response
from groundplan_emulator.arm.registry import Registry
from groundplan_emulator.arm.resource import ArmType
from groundplan_emulator.clock import Clock
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Resource, Store
from tests.fixtures.examples import Example, missing

NOT_SERVED = {
    "azure-native:resources:Resource": "stands for any type: its path names no type of its own",
    "azure-native:applicationinsights:ComponentCurrentBillingFeature": "a legacy path that ends with a type, so it is no resource id",
}
TYPES = [row for row in load().types() if row.token not in NOT_SERVED]
pytestmark = pytest.mark.azure_spec


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    folder: Path = tmp_path_factory.mktemp("types")
    store = Store(folder / "state.db")
    settings = Settings(folder, 1, 2, Identity.load(folder))
    yield Context(store, Clock(), settings, Registry(load()), Request("PUT", "/", "", {}, b"", "http://127.0.0.1"))
    store.close()


def made(ctx: Context, row: ResourceType) -> ResourceId:
    """An id of the type whose parents exist."""
    subscription = ctx.settings.identity.subscription_id
    group = f"/subscriptions/{subscription}/resourceGroups/types"
    inputs = dict.fromkeys(row.path_params, "one") | {
        "resourceGroupName": "types",
        "scope": group,
        "scopeId": group,
        "resourceUri": group,
    }
    id_ = ResourceId.parse(row.resource_id(inputs, subscription_id=subscription))
    above = id_.parent
    while above is not None:
        ctx.store.put(Resource(above.id, above.type, above.name, {"id": above.id}), above.parent_id)
        above = above.parent
    return id_


def generic(row: ResourceType, id_: ResourceId) -> ArmType:
    """The type without behaviour of its own; some paths have the type's last part as a parameter."""
    return ArmType(row, id_.type) if "{" in row.arm_type else ArmType(row)


def put(ctx: Context, row: ResourceType, body: dict[str, Any]) -> Response:
    id_ = made(ctx, row)
    ctx.store.remove(id_.id)
    ctx.request = Request("PUT", id_.id, f"api-version={row.api_version}", {}, orjson.dumps(body), "http://127.0.0.1")
    return lifecycle.put(ctx, generic(row, id_), id_)


def example(row: ResourceType, *, full: bool) -> dict[str, Any]:
    body = Example(schema.request_schema(row, strict=True), full=full).body()
    if "location" in body or row.tracked:
        body["location"] = "westeurope"
    if "identity" in body:
        body.pop("identity")  # ids of user-assigned identities would have to exist
        if "identity" in schema.request_schema(row, strict=True)["required"]:
            body["identity"] = {"type": "SystemAssigned"}
    if row.has_provisioning_state:
        body.get("properties", {}).pop("provisioningState", None)
    if private_link.answered(row):  # the endpoints' own, whatever a client says
        body.get("properties", {}).pop("privateEndpointConnections", None)
    for name in ("id", "name", "type"):
        if body.get(name) == "text":
            body[name] = made_name(row, name)
    return body


def made_name(row: ResourceType, name: str) -> str:
    """What the service itself sets in the envelope."""
    return {"name": "one", "type": row.arm_type}.get(name, "/subscriptions/s")


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row.token.partition(":")[2])
def test_every_property_comes_back(world: Context, row: ResourceType):
    body = example(row, full=True)

    answer = put(world, row, copy.deepcopy(body))
    id_ = made(world, row)
    read = lifecycle.get(world, generic(row, id_), id_).body

    assert answer.status == 201
    assert missing({name: value for name, value in body.items() if name not in ("id", "name", "type")}, read) == []
    assert read["id"].lower() == id_.key
    assert read["type"].lower() == id_.type.lower()


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row.token.partition(":")[2])
def test_wrong_bodies_are_refused(world: Context, row: ResourceType):
    """An unknown property, a required one left out, and a value of the wrong type, each named by its path."""
    body = example(row, full=False)
    put(world, row, copy.deepcopy(body))

    for wrong, path in wrongs(row, body):
        with pytest.raises(ArmError) as caught:
            put(world, row, wrong)
        assert (caught.value.status, caught.value.code) == (400, "InvalidRequestContent"), path
        assert path.startswith(caught.value.target or ""), (path, caught.value.target)


def wrongs(row: ResourceType, body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Bodies that each break one rule, with the path of the break."""
    yield {**body, "notAProperty": 1}, "notAProperty"
    shape = schema.request_schema(row, strict=True)
    for name in shape["required"]:
        if name != "location":
            yield {key: value for key, value in body.items() if key != name}, name
    inner = shape["properties"].get("properties", {})
    for name, known in inner.get("properties", {}).items():
        path = f"properties.{name}"
        if known.get("type") in ("string", "integer", "number", "boolean") or "enum" in known:
            wrong = copy.deepcopy(body)
            wrong.setdefault("properties", {})[name] = {"an": "object"}
            yield wrong, path
