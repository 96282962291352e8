# SPDX-License-Identifier: Apache-2.0
"""Properties that only Azure fills in are not known before the update; what private endpoints lead where the stack tells."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN
from tests.policies.azure_policy.making import (
    GROUPS,
    NOW,
    STORAGE,
    VAULT,
    WORKSPACE,
    asked,
    holds,
    in_memory,
    policy,
    resource,
)

COMPUTE = f"{WORKSPACE}/computes"
ENDPOINT = "Microsoft.Network/privateEndpoints"
LATEST = {"field": f"{COMPUTE}/osImageMetadata.isLatestOsImageVersion", "equals": "false"}
CONNECTIONS = f"{VAULT}/privateEndpointConnections[*]"
APPROVED = {"field": f"{CONNECTIONS}.privateLinkServiceConnectionState.status", "equals": "Approved"}
LINKED = {"count": {"field": CONNECTIONS, "where": APPROVED}, "greaterOrEquals": 1}


def test_absent_means_nothing_in_a_program() -> None:
    found = asked(LATEST, {"properties": {"computeType": "ComputeInstance"}}, COMPUTE, name="w/c")
    assert (found.state, found.path) == ("undecided", "properties.properties.osImageMetadata.isLatestOsImageVersion")
    known = {"properties": {"properties": {"osImageMetadata": {"isLatestOsImageVersion": False}}}}
    assert holds(LATEST, known, COMPUTE, name="w/c") is True
    listed = {"field": f"{WORKSPACE}/sharedPrivateLinkResources[*].name", "equals": "x"}
    assert holds(listed, {}, WORKSPACE) is True  # a program can say these
    errors = {"count": {"field": f"{COMPUTE}/provisioningErrors[*]"}, "greater": 0}
    assert asked(errors, {}, COMPUTE, name="w/c").reasons == (
        "properties.provisioningErrors[*] is not known before the update",
    )
    assert asked(
        {"value": f"[length(field('{COMPUTE}/provisioningErrors[*]'))]", "equals": 0}, {}, COMPUTE, name="w/c"
    ).state == ("undecided")


def test_parts_of_what_a_program_says() -> None:
    """A program may write the list; what Azure adds to each of its entries is not known before the update."""
    network = "Microsoft.Network/virtualNetworks"
    inner = f"{network}/subnets[*].ipConfigurations[*]"
    used = {"count": {"field": inner}, "greater": 0}
    one: dict[str, Any] = {"properties": {"subnets": [{"name": "a", "properties": {}}]}}
    assert holds(used, {}, network) is False
    assert holds(used, {"properties": {"subnets": []}}, network) is False
    found = asked(used, one, network)
    assert (found.state, found.path) == ("undecided", "properties.subnets[0].properties.ipConfigurations[*]")
    named = {"count": {"field": inner, "where": {"field": f"{inner}.id", "exists": True}}, "greater": 0}
    assert holds(named, one, network) is None
    assert holds({"field": f"{network}/subnets[*].purpose", "exists": False}, one, network) is None
    assert holds({"field": f"{network}/subnets[*].name", "equals": "a"}, one, network) is True
    assert holds(used, {"etag": "x", **one}, network) is False


@pytest.mark.parametrize(
    "answer", [{"properties": {"provisioningState": "Succeeded"}}, {"systemData": {}, "etag": "x"}]
)
def test_absent_is_absent_in_what_azure_gives_back(answer: dict[str, Any]) -> None:
    assert holds(LATEST, answer, COMPUTE, name="w/c") is False
    assert holds(LINKED, answer) is False
    program = "azure-native:machinelearningservices:Compute"
    assert holds(LATEST, answer, COMPUTE, name="w/c", token=program) is None


def _endpoint(target: Any, *, manual: bool = False, **more: Any) -> Resource:
    path = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
    body = {"properties": {path: [{"properties": {"privateLinkServiceId": target}}]}}
    return resource(ENDPOINT, body, name=more.pop("name", "pe"), **more)


def test_connections_of_private_endpoints() -> None:
    """Those that the stack makes; without one there is none."""
    vault = resource(VAULT, name="one")

    def linked(*endpoints: Resource) -> bool | None:
        return holds(LINKED, {}, others=endpoints)

    assert linked() is False
    assert linked(_endpoint(vault.id)) is True
    assert linked(_endpoint(f"{vault.id}-2")) is False
    assert linked(_endpoint(vault.id, manual=True)) is False
    assert linked(_endpoint(UNKNOWN)) is None
    assert linked(_endpoint(UNKNOWN), _endpoint(vault.id, name="other")) is True
    assert linked(_endpoint(UNKNOWN, references={})) is False
    ours = {"properties.privateLinkServiceConnections[0].properties.privateLinkServiceId": frozenset({f"{VAULT}/one"})}
    assert linked(_endpoint(UNKNOWN, references=ours)) is True
    pending = {"field": f"{CONNECTIONS}.privateLinkServiceConnectionState.status", "equals": "Pending"}
    assert holds(pending, {}, others=[_endpoint(vault.id, manual=True)]) is True
    identifier = {"value": f"[first(field('{CONNECTIONS}.privateEndpoint.id'))]", "equals": _endpoint("").id}
    assert holds(identifier, {}, others=[_endpoint(vault.id)]) is True
    assert holds(identifier, {}, others=[_endpoint(vault.id, known=False)]) is None
    given = {"properties": {"privateEndpointConnections": []}}
    assert holds(LINKED, given, others=[_endpoint(vault.id)]) is False


def test_connections_as_related_resources() -> None:
    type_ = f"{STORAGE}/privateEndpointConnections"
    condition = {"field": f"{type_}/privateLinkServiceConnectionState.status", "equals": "Approved"}
    document = policy(
        {"field": "type", "equals": STORAGE},
        "auditIfNotExists",
        details={"type": type_, "existenceCondition": condition},
    )
    account = resource(STORAGE)

    def state(*others: Resource) -> str:
        return evaluate(in_memory(document), Stack([account, *others]), NOW)[0].state

    assert state() == "non_compliant"
    assert state(_endpoint(account.id)) == "compliant"
    assert state(_endpoint(account.id, manual=True)) == "non_compliant"
    assert state(_endpoint(UNKNOWN)) == "undecided"
    assert state(_endpoint(UNKNOWN), _endpoint(account.id, name="other")) == "compliant"
    approved = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}}
    assert state(resource(type_, approved, name="one/c")) == "compliant"


def test_properties_of_the_group_that_are_not_there_are_null() -> None:
    """So that a policy can ask whether there is something to inherit."""
    inherits = {
        "allOf": [
            {"field": "tags.env", "exists": False},
            {"value": "[resourceGroup().tags['env']]", "notEquals": ""},
        ]
    }
    for tags, said in (({"ENV": "prod"}, True), ({}, False), (None, False), (UNKNOWN, None), ({"env": UNKNOWN}, None)):
        group = resource(GROUPS, {"tags": tags}, name="rg-ml")
        assert holds(inherits, {}, others=[group]) is said, tags
    owned = {"value": "[resourcegroup().managedBy]", "notContains": "/providers/Microsoft.Databricks/"}
    brick = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w"
    for body, said in (({}, True), ({"managedBy": brick}, False), ({"managedBy": UNKNOWN}, None)):
        assert holds(owned, {}, others=[resource(GROUPS, body, name="rg-ml")]) is said, body
    assert holds(owned, {}) is None
    group = resource(GROUPS, {"tags": {"env": "prod"}}, name="rg-ml")
    for text, value in (
        ("[contains(resourceGroup().tags, 'other')]", False),
        ("[contains(resourceGroup().tags, 'env')]", True),
        ("[empty(resourceGroup().tags[concat('e', 'nv')])]", False),
        ("[string(coalesce(resourceGroup().tags.other, 'none'))]", "none"),
    ):
        assert holds({"value": text, "equals": value}, {}, others=[group]) is True, text
