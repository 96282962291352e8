# SPDX-License-Identifier: Apache-2.0
"""What each effect makes of a resource that the rule is about, and what Azure would change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.azure_policy import Outcome, evaluate
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack
from groundplan_policies.values import SECRET, UNKNOWN
from tests.policies.azure_policy.making import (
    GROUP,
    GROUPS,
    NOW,
    STORAGE,
    VAULT,
    WORKSPACE,
    assignment,
    in_memory,
    library,
    policy,
    resource,
)

BLOBS = f"{STORAGE}/blobServices"
NETWORK = "Microsoft.Network/virtualNetworks"
IS_STORAGE = {"field": "type", "equals": STORAGE}


def _asked(document: dict[str, Any], one: Resource, *others: Resource) -> Outcome:
    return evaluate(in_memory(document), Stack([one, *others]), NOW)[0]


def _modify(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return policy(IS_STORAGE, "modify", details={"operations": list(operations), **more})


def _operation(kind: str, field: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"operation": kind, "field": field, **({} if kind == "Remove" else {"value": value}), **more}


@pytest.mark.parametrize(
    ("operation", "body", "says"),
    [
        (_operation("addOrReplace", "tags['env']", "prod"), {}, "sets tags['env'] to 'prod' (it is absent)"),
        (
            _operation("addOrReplace", "tags['env']", "prod"),
            {"tags": {"ENV": "x"}},
            "sets tags['env'] to 'prod' (it is 'x')",
        ),
        (_operation("AddOrReplace", "tags['env']", "prod"), {"tags": {"env": "Prod"}}, None),
        (
            _operation("add", "tags['env']", "prod"),
            {"tags": {"env": "x"}},
            "leaves tags['env'] alone, as it is 'x' already",
        ),
        (
            _operation("add", "tags['env']", "prod"),
            {"tags": UNKNOWN},
            "may set tags['env'] to 'prod' (it is [unknown])",
        ),
        (_operation("Remove", "tags['env']"), {"tags": {"env": "x"}}, "removes tags['env'] (it is 'x')"),
        (_operation("Remove", "tags['env']"), {}, None),
        (
            _operation("addOrReplace", f"{STORAGE}/allowBlobPublicAccess", value=False),
            {"properties": {"allowBlobPublicAccess": True}},
            "sets properties.allowBlobPublicAccess to false (it is true)",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/allowBlobPublicAccess", value=False),
            {"properties": {"allowBlobPublicAccess": "False"}},
            None,
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.defaultAction", "Deny"),
            {"properties": {}},
            "leaves properties.networkAcls.defaultAction alone, as properties.networkAcls is absent",
        ),
        (
            _operation("add", f"{STORAGE}/networkAcls.ipRules[*]", {"value": "1"}),
            {"properties": {"networkAcls": {}}},
            "adds the item of properties.networkAcls.ipRules[*] {'value': '1'}",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.ipRules[*]", {"value": "1"}),
            {"properties": {"networkAcls": {"ipRules": []}}},
            "makes its only item of properties.networkAcls.ipRules[*] {'value': '1'}",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.ipRules[*].action", "Allow"),
            {"properties": {"networkAcls": {"ipRules": [{"action": "Allow"}, {"action": "Deny"}]}}},
            "sets properties.networkAcls.ipRules[*].action to 'Allow' (it is 'Deny')",
        ),
        (
            _operation("addOrReplace", f"{STORAGE}/networkAcls.ipRules[*].action", "Allow"),
            {"properties": {"networkAcls": {"ipRules": UNKNOWN}}},
            "may set properties.networkAcls.ipRules[*].action to 'Allow' (what is there is not known)",
        ),
        (_operation("add", "tags.x", 1, condition="[equals(1, 2)]"), {}, None),
        (_operation("add", "tags.x", 1, condition="[less(1, 2)]"), {}, "sets tags['x'] to 1 (it is absent)"),
        (
            _operation("add", "tags.x", 1, condition="[equals(requestContext().identity, 1)]"),
            {},
            "may change tags['x'] to 1: whether [equals(requestContext().identity, 1)] is not known",
        ),
        (_operation("add", "identity", {"type": "None"}), {}, "sets identity to {'type': 'None'} (it is absent)"),
        (_operation("add", "location", "x"), {}, "sets location to 'x' (it is absent)"),
        (
            _operation("add", "[concat('tags[', field('kind'), ']')]", "x"),
            {"kind": "k"},
            "sets tags['k'] to 'x' (it is absent)",
        ),
        (
            _operation("add", "[concat('tags[', field('kind'), ']')]", "x"),
            {"kind": UNKNOWN},
            "changes [concat('tags[', field('kind'), ']')], which is not known before the update",
        ),
    ],
)
def test_modify(operation: dict[str, Any], body: dict[str, Any], says: str | None) -> None:
    found = _asked(_modify(operation), resource(STORAGE, body))
    assert (found.state, found.effect) == ("non_compliant", "Modify")
    assert [each.says for each in found.changes] == ([] if says is None else [says])
    assert [each for each in found.reasons if each.startswith("Azure ")] == ([] if says is None else [f"Azure {says}"])


def test_modify_of_the_identity_is_for_machines() -> None:
    found = _asked(_modify(_operation("add", "identity.type", "SystemAssigned")), resource(STORAGE))
    assert (found.state, found.reasons) == (
        "not_applicable",
        ("it changes the identity, which is done for virtual machines only",),
    )
    machine = "Microsoft.Compute/virtualMachines"
    document = policy(
        {"field": "type", "equals": machine},
        "modify",
        details={"operations": [_operation("add", "identity.type", "X")]},
    )
    assert _asked(document, resource(machine)).state == "non_compliant"


def test_a_condition_that_is_no_boolean_fails() -> None:
    found = _asked(_modify(_operation("add", "tags.x", 1, condition="yes")), resource(STORAGE))
    (reason,) = found.reasons
    assert reason.startswith(
        "the evaluation fails, which Azure takes for a denial: policyRule.then.details.operations[0].condition"
    )
    assert reason.endswith(": comes to 'yes'; true or false is needed")


@pytest.mark.parametrize(
    ("details", "body", "says", "denied"),
    [
        ([{"field": "tags.x", "value": 1}], {}, "sets tags['x'] to 1 (it is absent)", False),
        ([{"field": "tags.x", "value": "a"}], {"tags": {"x": "A"}}, None, False),
        (
            [{"field": "tags.x", "value": 1}],
            {"tags": {"x": "2"}},
            "refuses the request: tags['x'] is '2', and 1 would be appended",
            True,
        ),
        (
            [{"field": f"{STORAGE}/networkAcls.ipRules[*]", "value": {"value": "1"}}],
            {"properties": {"networkAcls": {"ipRules": [1]}}},
            "adds the item of properties.networkAcls.ipRules[*] {'value': '1'}",
            False,
        ),
    ],
)
def test_append(details: Any, body: dict[str, Any], says: str | None, *, denied: bool) -> None:
    found = _asked(policy(IS_STORAGE, "append", details=details), resource(STORAGE, body))
    assert (found.state, found.effect) == ("non_compliant", "Append")
    assert [(each.says, each.denied) for each in found.changes] == ([] if says is None else [(says, denied)])


def test_conflicts_between_what_policies_set(tmp_path: Path) -> None:
    documents = [
        policy(
            IS_STORAGE,
            "modify",
            name=name,
            displayName=name,
            details={"operations": [_operation("addOrReplace", "tags.env", value)], "conflictEffect": effect},
        )
        for name, value, effect in (("one", "a", "deny"), ("two", "b", "audit"), ("three", "a", "disabled"))
    ]
    found = {
        each.policy.name: each.reasons
        for each in evaluate(library(tmp_path, documents), Stack([resource(STORAGE)]), NOW)
    }
    assert found["one"][-1] == "conflicts with 'two', which sets tags['env'] to 'b'; its conflict effect is deny"
    assert found["two"][-1] == (
        "conflicts with 'one', which sets tags['env'] to 'a', 'three', which sets tags['env'] to 'a'; its conflict effect is audit"
    )
    assert found["three"][-1] == "conflicts with 'two', which sets tags['env'] to 'b'; its conflict effect is disabled"


@pytest.mark.parametrize("effect", ["audit", "Deny", "MODIFY", "append"])
def test_states_of_plain_effects(effect: str) -> None:
    details: Any = (
        {"operations": [_operation("add", "tags.x", 1)]} if effect == "MODIFY" else [{"field": "tags.x", "value": 1}]
    )
    condition = {"allOf": [IS_STORAGE, {"field": "tags.y", "exists": False}]}
    document = policy(condition, effect, details=None if effect in ("audit", "Deny") else details)
    assert _asked(document, resource(STORAGE)).state == "non_compliant"
    assert _asked(document, resource(STORAGE, {"tags": {"y": "1"}})).state == "compliant"
    assert _asked(document, resource(STORAGE, {"tags": UNKNOWN})).state == "undecided"
    assert _asked(document, resource(VAULT)).state == "not_applicable"


def test_disabled_is_not_asked() -> None:
    found = _asked(policy({"field": "tags", "exists": False}, "disabled"), resource(STORAGE))
    assert (found.state, found.reasons) == ("not_applicable", ("the effect is Disabled",))


@pytest.mark.parametrize(
    ("effect", "why"),
    [
        ("manual", "Manual is not decided here: somebody attests it in Azure"),
        ("denyAction", "DenyAction is not decided here: it refuses deletions, which are not looked at here"),
        ("addToNetworkGroup", "AddToNetworkGroup is not decided here: Azure Virtual Network Manager acts on it"),
        ("mutate", "Mutate is not decided here: it changes what a Kubernetes cluster is asked to run"),
    ],
)
def test_effects_that_are_not_decided(effect: str, why: str) -> None:
    document = policy(
        {"allOf": [IS_STORAGE, {"field": "kind", "equals": "k"}]}, effect, details={"actionNames": ["delete"]}
    )
    found = _asked(document, resource(STORAGE, {"kind": "k"}))
    assert (found.state, found.reasons) == ("undecided", (f"the effect {why}",))
    assert _asked(document, resource(STORAGE, {"kind": "other"})).state == "not_applicable"
    assert _asked(document, resource(VAULT)).state == "not_applicable"


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
    assert [_asked(plain, account, each).state for each in (good, bad, other)] == [
        "compliant",
        "compliant",
        "non_compliant",
    ]
    assert _asked(plain, account).reasons == (f"there is no {BLOBS} below the resource",)
    assert [_asked(careful, account, each).state for each in (good, bad, other, unknown)] == [
        "compliant",
        "non_compliant",
        "non_compliant",
        "undecided",
    ]
    assert _asked(careful, account, bad).reasons == (
        f"none of the 1 {BLOBS} below the resource is one that meets the policy's existence condition",
    )
    assert _asked(careful, account, unknown, good).state == "compliant"
    assert _asked(careful, account, unknown).path == "properties.isVersioningEnabled"
    assert _asked(plain, resource(VAULT)).state == "not_applicable"
    deep = _exists(f"{BLOBS}/containers", effect)
    container = resource(f"{BLOBS}/containers", name="account/default/data")
    assert _asked(deep, account, good, container).state == "compliant"
    assert (
        _asked(deep, account, other, resource(f"{BLOBS}/containers", name="other/default/data")).state
        == "non_compliant"
    )


def test_children_that_are_new() -> None:
    """Nobody knows their ids; what came out of what was recorded."""
    account = resource(STORAGE, name="account", known=False, references={})
    child = resource(BLOBS, name=None, known=False, references={"parent": frozenset({account.key})})
    other = resource(BLOBS, name=None, known=False, references={"parent": frozenset({"other"})}, key="b2")
    assert _asked(_exists(BLOBS), account, child).state == "compliant"
    assert _asked(_exists(BLOBS), account, other).state == "non_compliant"
    assert _asked(_exists(BLOBS, name="account/default"), account, child).state == "undecided"


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
    found = _asked(_exists(BLOBS, name=name), resource(STORAGE, name="account"), resource(BLOBS, name=there))
    assert found.state == state
    if state != "compliant":
        assert found.reasons == (f"none of the 1 {BLOBS} below the resource is one of that name",)


def test_names_that_are_no_texts_fail() -> None:
    found = _asked(_exists(BLOBS, name="[length('x')]"), resource(STORAGE), resource(BLOBS, name="one/default"))
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
    assert (
        _asked(document, resource(NETWORK, {"properties": {"subnets": [{"name": "b"}, closed]}})).state == "compliant"
    )
    assert _asked(document, resource(NETWORK, {"properties": {"subnets": [{"name": "b"}]}})).state == "non_compliant"
    assert _asked(document, resource(NETWORK, {"properties": {"subnets": UNKNOWN}})).state == "undecided"
    cluster = "Microsoft.ContainerService/managedClusters"
    pools = f"{cluster}/agentPools"
    wanted = {
        "type": pools,
        "name": "[concat(field('name'), '/system')]",
        "existenceCondition": {"field": f"{pools}/mode", "equals": "System"},
    }
    system = policy({"field": "type", "equals": cluster}, "auditIfNotExists", details=wanted)
    body = {"properties": {"agentPoolProfiles": [{"name": "system", "mode": "System"}]}}
    assert _asked(system, resource(cluster, body)).state == "compliant"
    assert (
        _asked(
            system, resource(cluster, {"properties": {"agentPoolProfiles": [{"name": "user", "mode": "System"}]}})
        ).state
        == "non_compliant"
    )


def test_the_resource_itself() -> None:
    condition = {"field": f"{STORAGE}/minimumTlsVersion", "equals": "TLS1_2"}
    document = _exists(STORAGE, name="[field('name')]", existenceCondition=condition)
    assert _asked(document, resource(STORAGE, {"properties": {"minimumTlsVersion": "TLS1_2"}})).state == "compliant"
    found = _asked(
        document, resource(STORAGE), resource(STORAGE, {"properties": {"minimumTlsVersion": "TLS1_2"}}, name="other")
    )
    assert (found.state, found.reasons) == (
        "non_compliant",
        ("the resource does not meet the policy's existence condition",),
    )
    nameless = resource(STORAGE, {"properties": {"minimumTlsVersion": "TLS1_2"}}, name=None)
    assert _asked(document, nameless).state == "compliant"


def test_what_is_attached() -> None:
    type_ = "Microsoft.Authorization/locks"
    account, other = resource(STORAGE, name="account"), resource(STORAGE, name="other")
    on_it = resource(type_, name="lock", scope=account.id, id=f"{account.id}/providers/{type_}/lock")
    on_other = resource(type_, name="lock", scope=other.id, id=f"{other.id}/providers/{type_}/lock")
    assert _asked(_exists(type_), account, on_it).state == "compliant"
    assert _asked(_exists(type_), account, on_other).state == "non_compliant"
    old = _exists(f"{STORAGE}/providers/diagnosticSettings")
    setting = "Microsoft.Insights/diagnosticSettings"
    assert (
        _asked(old, account, resource(setting, scope=account.id, id=f"{account.id}/providers/{setting}/s")).state
        == "compliant"
    )
    assert _asked(old, account).reasons == (f"there is no {setting} on the resource",)
    unrecorded = resource(type_, name="lock", known=False, scope=UNKNOWN)
    assert _asked(_exists(type_), account, unrecorded).state == "undecided"


def _vault(**more: Any) -> Resource:
    return resource(VAULT, {"properties": {"enablePurgeProtection": True}}, name="v", **more)


def test_elsewhere_in_the_group() -> None:
    """What the stack does not have may be there all the same, unless the stack has the whole group."""
    account, group = resource(STORAGE, name="account"), resource(GROUPS, name="rg-ml")
    far = _vault(id=GROUP.replace("rg-ml", "rg-far") + f"/providers/{VAULT}/v")
    document = _exists(VAULT)
    assert _asked(document, account, _vault()).state == "compliant"
    assert _asked(document, account).reasons == (
        f"this stack has no {VAULT} that is asked for; another one in the resource group may do",
    )
    assert _asked(document, account, far).state == "undecided"
    assert _asked(document, account, far, group).state == "non_compliant"
    assert _asked(document, account, group).reasons == (f"there is no {VAULT} in the resource group",)
    named = _exists(VAULT, resourceGroupName="rg-far")
    assert [_asked(named, account, each, group).state for each in (far, _vault())] == ["compliant", "undecided"]
    wide = _exists(VAULT, existenceScope="subscription")
    assert [_asked(wide, account, each).state for each in (far, _vault())] == ["compliant", "compliant"]
    assert _asked(wide, account, group).reasons == (
        f"this stack has no {VAULT} that is asked for; another one in the subscription may do",
    )


def test_groups_that_are_new() -> None:
    group = resource(GROUPS, name=None, known=False, key="group")
    inside = {"group": frozenset({"group"})}
    account = resource(STORAGE, known=False, references=inside)
    assert _asked(_exists(VAULT), account, _vault(known=False, references=inside), group).state == "compliant"
    assert _asked(_exists(VAULT), account, _vault(known=False, references={}), group).state == "undecided"
    assert _asked(_exists(VAULT), account, group).state == "non_compliant"


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
    assert _asked(document, same, vault, group).state == "compliant"
    assert _asked(document, other, vault, group).state == "non_compliant"


def test_the_whole_if_decides_whether_it_applies() -> None:
    condition = {"allOf": [IS_STORAGE, {"field": "tags.x", "equals": "1"}]}
    document = policy(condition, "auditIfNotExists", details={"type": BLOBS})
    assert _asked(document, resource(STORAGE, {"tags": {"x": "2"}})).state == "not_applicable"
    assert _asked(document, resource(STORAGE, {"tags": {"x": "1"}})).state == "non_compliant"
    assert _asked(document, resource(STORAGE, {"tags": {"x": SECRET}})).secret


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
    assert _asked(unknown, resource(STORAGE, {"tags": {"x": UNKNOWN}})).state == "undecided"


def test_what_is_said(tmp_path: Path) -> None:
    """The assignment's own message where it has one, otherwise the policy's name with the reasons."""
    plain = evaluate(
        in_memory(policy({"field": "tags.x", "exists": False}, "deny")), Stack([resource(WORKSPACE)]), NOW
    )[0]
    assert plain.message == "A test: tags.x is absent (exists false)"
    own = assignment("test-policy", nonComplianceMessages=[{"message": "Give it a tag."}])
    found = library(tmp_path, policy({"field": "tags.x", "exists": False}, "deny"), own)
    (one,) = evaluate(found, Stack([resource(WORKSPACE)]), NOW)
    assert (one.message, one.reasons) == ("Give it a tag.", ("tags.x is absent (exists false)",))
    (good,) = evaluate(found, Stack([resource(WORKSPACE, {"tags": {"x": "1"}})]), NOW)
    assert good.message == "A test: tags.x is '1' (exists false)"
