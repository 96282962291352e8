# SPDX-License-Identifier: Apache-2.0
"""AuditIfNotExists and DeployIfNotExists: which related resources are looked at, and what is decided of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import SECRET, UNKNOWN
from tests.policies.azure_policy.asking import IS_STORAGE, asked
from tests.policies.azure_policy.making import (
    GROUP,
    GROUPS,
    NOW,
    STORAGE,
    VAULT,
    assignment,
    library,
    policy,
    resource,
)

BLOBS = f"{STORAGE}/blobServices"
NETWORK = "Microsoft.Network/virtualNetworks"


def _exists(type_: str, effect: str = "auditIfNotExists", **details: Any) -> dict[str, Any]:
    return policy(IS_STORAGE, effect, details={"type": type_, **details})


@pytest.mark.parametrize("effect", ["auditIfNotExists", "deployIfNotExists"])
def test_children(effect: str) -> None:
    account = resource(STORAGE, name="account")
    plain = _exists(BLOBS, effect)
    on = {"field": f"{BLOBS}/isVersioningEnabled", "equals": True}
    careful = _exists(BLOBS, effect, existenceCondition=on)
    good = resource(BLOBS, {"properties": {"isVersioningEnabled": True}}, name="account/default")
    bad, other = resource(BLOBS, name="account/default"), resource(BLOBS, good.node, name="other/default")
    unknown = resource(BLOBS, {"properties": {"isVersioningEnabled": UNKNOWN}}, name="account/default")
    assert [asked(plain, account, each).state for each in (good, bad, other)] == [
        "compliant",
        "compliant",
        "non_compliant",
    ]
    assert asked(plain, account).reasons == (f"there is no {BLOBS} below the resource",)
    assert [asked(careful, account, each).state for each in (good, bad, other, unknown)] == [
        "compliant",
        "non_compliant",
        "non_compliant",
        "undecided",
    ]
    assert asked(careful, account, bad).reasons == (
        f"none of the 1 {BLOBS} below the resource is one that meets the policy's existence condition",
    )
    assert asked(careful, account, unknown, good).state == "compliant"
    assert asked(careful, account, unknown).path == "properties.isVersioningEnabled"
    assert asked(plain, resource(VAULT)).state == "not_applicable"
    deep = _exists(f"{BLOBS}/containers", effect)
    container = resource(f"{BLOBS}/containers", name="account/default/data")
    assert asked(deep, account, good, container).state == "compliant"
    assert (
        asked(deep, account, other, resource(f"{BLOBS}/containers", name="other/default/data")).state == "non_compliant"
    )


def test_children_that_are_new() -> None:
    """Nobody knows their ids; what came out of what was recorded."""
    account = resource(STORAGE, name="account", known=False, references={})
    child = resource(BLOBS, name=None, known=False, references={"parent": frozenset({account.key})})
    other = resource(BLOBS, name=None, known=False, references={"parent": frozenset({"other"})}, key="b2")
    assert asked(_exists(BLOBS), account, child).state == "compliant"
    assert asked(_exists(BLOBS), account, other).state == "non_compliant"
    assert asked(_exists(BLOBS, name="account/default"), account, child).state == "undecided"


@pytest.mark.parametrize(
    ("name", "there", "state"),
    [
        ("default", "account/default", "compliant"),
        ("account/DEFAULT", "account/default", "compliant"),
        ("account/?", "account/default", "compliant"),
        ("[concat(field('name'), '/?')]", "account/default", "compliant"),
        ("[concat(field('fullName'), '/default')]", "account/default", "compliant"),
        ("other", "account/default", "non_compliant"),
        ("other/?", "account/default", "non_compliant"),
        ("other/default", "account/default", "non_compliant"),
    ],
)
def test_names_of_related_resources(name: str, there: str, state: str) -> None:
    found = asked(_exists(BLOBS, name=name), resource(STORAGE, name="account"), resource(BLOBS, name=there))
    assert found.state == state
    if state != "compliant":
        assert found.reasons == (f"none of the 1 {BLOBS} below the resource is one of that name",)


def test_names_that_are_no_texts_fail() -> None:
    found = asked(_exists(BLOBS, name="[length('x')]"), resource(STORAGE), resource(BLOBS, name="one/default"))
    assert "policyRule.then.details.name: comes to 1; a text is needed" in found.message


def test_children_in_the_body_of_their_parent() -> None:
    type_ = f"{NETWORK}/subnets"
    condition = {"field": f"{type_}/networkSecurityGroup.id", "exists": True}
    document = policy(
        {"field": "type", "equals": NETWORK},
        "auditIfNotExists",
        details={"type": type_, "existenceCondition": condition},
    )
    closed = {"name": "a", "properties": {"networkSecurityGroup": {"id": "/nsg"}}}
    assert asked(document, resource(NETWORK, {"properties": {"subnets": [{"name": "b"}, closed]}})).state == "compliant"
    assert asked(document, resource(NETWORK, {"properties": {"subnets": [{"name": "b"}]}})).state == "non_compliant"
    assert asked(document, resource(NETWORK, {"properties": {"subnets": UNKNOWN}})).state == "undecided"
    cluster = "Microsoft.ContainerService/managedClusters"
    pools = f"{cluster}/agentPools"
    wanted = {
        "type": pools,
        "name": "[concat(field('name'), '/system')]",
        "existenceCondition": {"field": f"{pools}/mode", "equals": "System"},
    }
    system = policy({"field": "type", "equals": cluster}, "auditIfNotExists", details=wanted)
    body = {"properties": {"agentPoolProfiles": [{"name": "system", "mode": "System"}]}}
    assert asked(system, resource(cluster, body)).state == "compliant"
    assert (
        asked(
            system, resource(cluster, {"properties": {"agentPoolProfiles": [{"name": "user", "mode": "System"}]}})
        ).state
        == "non_compliant"
    )


def test_the_resource_itself() -> None:
    condition = {"field": f"{STORAGE}/minimumTlsVersion", "equals": "TLS1_2"}
    document = _exists(STORAGE, name="[field('name')]", existenceCondition=condition)
    assert asked(document, resource(STORAGE, {"properties": {"minimumTlsVersion": "TLS1_2"}})).state == "compliant"
    found = asked(
        document, resource(STORAGE), resource(STORAGE, {"properties": {"minimumTlsVersion": "TLS1_2"}}, name="other")
    )
    assert (found.state, found.reasons) == (
        "non_compliant",
        ("the resource does not meet the policy's existence condition",),
    )
    nameless = resource(STORAGE, {"properties": {"minimumTlsVersion": "TLS1_2"}}, name=None)
    assert asked(document, nameless).state == "compliant"


def test_what_is_attached() -> None:
    type_ = "Microsoft.Authorization/locks"
    account, other = resource(STORAGE, name="account"), resource(STORAGE, name="other")
    on_it = resource(type_, name="lock", scope=account.id, id=f"{account.id}/providers/{type_}/lock")
    on_other = resource(type_, name="lock", scope=other.id, id=f"{other.id}/providers/{type_}/lock")
    assert asked(_exists(type_), account, on_it).state == "compliant"
    assert asked(_exists(type_), account, on_other).state == "non_compliant"
    old = _exists(f"{STORAGE}/providers/diagnosticSettings")
    setting = "Microsoft.Insights/diagnosticSettings"
    assert (
        asked(old, account, resource(setting, scope=account.id, id=f"{account.id}/providers/{setting}/s")).state
        == "compliant"
    )
    assert asked(old, account).reasons == (f"there is no {setting} on the resource",)
    unrecorded = resource(type_, name="lock", known=False, scope=UNKNOWN)
    assert asked(_exists(type_), account, unrecorded).state == "undecided"


def _vault(**more: Any) -> Resource:
    return resource(VAULT, {"properties": {"enablePurgeProtection": True}}, name="v", **more)


def test_elsewhere_in_the_group() -> None:
    """What the stack does not have may be there all the same, unless the stack has the whole group."""
    account, group = resource(STORAGE, name="account"), resource(GROUPS, name="rg-ml")
    far = _vault(id=GROUP.replace("rg-ml", "rg-far") + f"/providers/{VAULT}/v")
    document = _exists(VAULT)
    assert asked(document, account, _vault()).state == "compliant"
    assert asked(document, account).reasons == (
        f"this stack has no {VAULT} that is asked for; another one in the resource group may do",
    )
    assert asked(document, account, far).state == "undecided"
    assert asked(document, account, far, group).state == "non_compliant"
    assert asked(document, account, group).reasons == (f"there is no {VAULT} in the resource group",)
    named = _exists(VAULT, resourceGroupName="rg-far")
    assert [asked(named, account, each, group).state for each in (far, _vault())] == ["compliant", "undecided"]
    wide = _exists(VAULT, existenceScope="subscription")
    assert [asked(wide, account, each).state for each in (far, _vault())] == ["compliant", "compliant"]
    assert asked(wide, account, group).reasons == (
        f"this stack has no {VAULT} that is asked for; another one in the subscription may do",
    )


def test_groups_that_are_new() -> None:
    group = resource(GROUPS, name=None, known=False, key="group")
    inside = {"group": frozenset({"group"})}
    account = resource(STORAGE, known=False, references=inside)
    assert asked(_exists(VAULT), account, _vault(known=False, references=inside), group).state == "compliant"
    assert asked(_exists(VAULT), account, _vault(known=False, references={}), group).state == "undecided"
    assert asked(_exists(VAULT), account, group).state == "non_compliant"


def test_existence_conditions_look_at_both() -> None:
    """`field` conditions at the related resource, the function `field()` at the one that the policy is about."""
    condition = {
        "allOf": [
            {"field": "location", "equals": "[field('location')]"},
            {"field": f"{VAULT}/enablePurgeProtection", "equals": True},
            {"value": f"[field('{VAULT}/enablePurgeProtection')]", "equals": True},
            {"value": f"[field('{STORAGE}/minimumTlsVersion')]", "equals": "TLS1_2"},
        ]
    }
    document = _exists(VAULT, existenceCondition=condition)
    vault = resource(VAULT, {"location": "westeurope", "properties": {"enablePurgeProtection": True}})
    group = resource(GROUPS, name="rg-ml")
    same = resource(STORAGE, {"location": "West Europe", "properties": {"minimumTlsVersion": "TLS1_2"}})
    other = resource(STORAGE, {"location": "eastus", "properties": {"minimumTlsVersion": "TLS1_2"}})
    assert asked(document, same, vault, group).state == "compliant"
    assert asked(document, other, vault, group).state == "non_compliant"


def test_the_whole_if_decides_whether_it_applies() -> None:
    condition = {"allOf": [IS_STORAGE, {"field": "tags.x", "equals": "1"}]}
    document = policy(condition, "auditIfNotExists", details={"type": BLOBS})
    assert asked(document, resource(STORAGE, {"tags": {"x": "2"}})).state == "not_applicable"
    assert asked(document, resource(STORAGE, {"tags": {"x": "1"}})).state == "non_compliant"
    assert asked(document, resource(STORAGE, {"tags": {"x": SECRET}})).secret


def test_the_type_may_be_an_expression(tmp_path: Path) -> None:
    document = policy(
        IS_STORAGE,
        "auditIfNotExists",
        details={"type": "[concat(parameters('wanted'), '/blobServices')]"},
        parameters={"wanted": {"type": "String", "defaultValue": STORAGE}},
    )
    found = library(tmp_path, document, assignment("test-policy"))
    assert evaluate(found, Stack([resource(STORAGE)]), NOW)[0].state == "non_compliant"
    unknown = policy(
        {"field": "tags", "exists": True}, "auditIfNotExists", details={"type": "[concat('a/', field('tags.x'))]"}
    )
    assert asked(unknown, resource(STORAGE, {"tags": {"x": UNKNOWN}})).state == "undecided"
