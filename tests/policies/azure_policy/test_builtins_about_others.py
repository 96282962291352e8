# SPDX-License-Identifier: Apache-2.0
"""Definitions of Microsoft's that look at more than the resource: its group, its endpoints, its diagnostic settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN
from tests.policies.azure_policy.making import (
    GROUPS,
    NOW,
    STORAGE,
    WORKSPACE,
    holds,
    resource,
)
from tests.policies.azure_policy.published import BAD, GOOD, OPEN, OUT, load, props

ENDPOINT = "Microsoft.Network/privateEndpoints"
SETTING = "Microsoft.Insights/diagnosticSettings"


def _endpoint(*groups: Any) -> Resource:
    return resource(
        ENDPOINT, props(privateLinkServiceConnections=[{"properties": {"groupIds": list(groups)}}]), name="pe"
    )


def test_private_dns(tmp_path: Path) -> None:
    """The zone group is a child of the endpoint: the stack has it or it is missing."""
    found = load("workspace_private_dns", tmp_path, {"privateDnsZoneId": "/zone"})
    zones = f"{ENDPOINT}/privateDnsZoneGroups"
    assert evaluate(found, Stack([_endpoint("amlworkspace")]), NOW)[0].state == BAD
    assert evaluate(found, Stack([_endpoint("blob")]), NOW)[0].state == OUT
    assert evaluate(found, Stack([_endpoint(UNKNOWN)]), NOW)[0].state == OPEN
    assert evaluate(found, Stack([_endpoint("AmlWorkspace"), resource(zones, name="pe/zones")]), NOW)[0].state == GOOD
    assert evaluate(found, Stack([_endpoint("amlworkspace"), resource(zones, name="other/zones")]), NOW)[0].state == BAD


def _setting(name: str, target: Resource | str, logs: Any, **more: Any) -> Resource:
    scope = target if isinstance(target, str) else target.id
    return resource(SETTING, props(logs=logs, **more), name=name, scope=scope, id=f"{scope}/providers/{SETTING}/{name}")


def test_logs(tmp_path: Path) -> None:
    """What hangs on the very resource counts, with what the existence condition asks of one of its logs."""
    found = load("workspace_logs", tmp_path)
    one, other = resource(WORKSPACE, name="w"), resource(WORKSPACE, name="v")

    def state(*settings: Resource) -> str:
        return evaluate(found, Stack([one, *settings]), NOW)[0].state

    on = {"category": "a", "enabled": True}
    kept = {**on, "retentionPolicy": {"enabled": True, "days": 400}}
    short = {**on, "retentionPolicy": {"enabled": True, "days": 30}}
    assert state() == BAD
    assert state(_setting("s", one, [on])) == GOOD
    assert state(_setting("s", other, [on])) == BAD
    assert state(_setting("s", one, [{**on, "enabled": False}, on])) == GOOD
    assert state(_setting("s", one, [{**on, "enabled": False}])) == BAD
    assert state(_setting("s", one, [kept], storageAccountId="/a")) == GOOD
    assert state(_setting("s", one, [short], storageAccountId="/a")) == BAD
    assert state(_setting("s", one, [short])) == GOOD
    assert state(_setting("s", one, UNKNOWN)) == OPEN
    assert state(_setting("s", one, [{**on, "enabled": UNKNOWN}]), _setting("t", one, [on])) == GOOD


def test_same_place_as_group(tmp_path: Path) -> None:
    found = load("same_place_as_group", tmp_path)
    group = resource(GROUPS, {"location": "westeurope"}, name="rg-ml")
    here, there = resource(STORAGE, {"location": "westeurope"}), resource(STORAGE, {"location": "eastus"})
    assert evaluate(found, Stack([here, group]), NOW)[0].state == GOOD
    assert evaluate(found, Stack([there, group]), NOW)[0].state == BAD
    (alone,) = evaluate(found, Stack([there]), NOW)
    assert alone.state == OPEN
    assert alone.reasons == ("[resourceGroup().location] is not known before the update",)
    new = resource(STORAGE, {"location": "eastus"}, known=False, references={"group": frozenset({group.key})})
    assert evaluate(found, Stack([new, group]), NOW)[0].state == BAD


def test_the_group_in_an_id_that_is_not_known_yet(tmp_path: Path) -> None:
    """Of a new resource the end of the id is known before the subscription is."""
    found = load("storage_public_blobs", tmp_path)
    for name, state in (("rg-ml", BAD), ("databricks-rg-x", GOOD)):
        group = resource(GROUPS, name=name)
        new = resource(STORAGE, known=False, references={"group": frozenset({group.key})})
        assert evaluate(found, Stack([new, group]), NOW)[0].state == state
    assert evaluate(found, Stack([resource(STORAGE, known=False)]), NOW)[0].state == OPEN
    group = resource(GROUPS, name="rg-ml")
    inside = {"known": False, "references": {"group": frozenset({group.key})}}
    for operator, wanted, said in (
        ("contains", f"/providers/{STORAGE}/one", True),
        ("notContains", "/RESOURCEGROUPS/rg-ml/", False),
        ("contains", "11111111", None),
        ("like", "/resourceGroups/rg-ml*", None),
        ("contains", "[field('location')]", None),
    ):
        condition = {"field": "id", operator: wanted}
        assert holds(condition, {"location": UNKNOWN}, STORAGE, others=[group], **inside) is said, (operator, wanted)
    condition = {"field": "id", "contains": "/resourceGroups/rg-ml"}
    assert (
        holds(condition, {}, f"{STORAGE}/blobServices", others=[group], **inside) is None
    )  # a name without its parent's
    assert holds(condition, {}, "Microsoft.Authorization/locks", others=[group], scope=UNKNOWN, **inside) is None
