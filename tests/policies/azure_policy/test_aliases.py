# SPDX-License-Identifier: Apache-2.0
"""Aliases lead where the resource providers say.

The pairs in `aliases.txt` are facts that the providers publish; most are checked against PSRule.Rules.Azure (data/providers).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan_policies.azure_policy import evaluate
from groundplan_policies.azure_policy.aliases import resolve
from groundplan_policies.stack import Stack
from tests.policies.azure_policy.making import (
    NOW,
    STORAGE,
    WORKSPACE,
    asked,
    holds,
    in_memory,
    library,
    policy,
    resource,
)

PAIRS = (Path(__file__).parent / "aliases.txt").read_text().splitlines()


@pytest.mark.parametrize(("alias", "path"), [line.split(" ") for line in PAIRS])
def test_alias(alias: str, path: str) -> None:
    """In any letter case."""
    for text in (alias, alias.lower(), alias.upper()):
        found = resolve(text)
        assert found is not None
        assert found.path is not None
        assert ".".join(str(step) for step in found.path).casefold() == path.casefold()


@pytest.mark.parametrize(
    "text", ["name", "Microsoft.KeyVault/vaults", "vaults/sku.name", "Microsoft.KeyVault//sku.name"]
)
def test_no_alias(text: str) -> None:
    found = resolve(text)
    assert found is None


def test_aliases_of_other_types_select_nothing() -> None:
    """They are absent, and of arrays there are no items."""
    body = {"properties": {"networkAcls": {"ipRules": [{"value": "1"}]}}, "sku": {"name": "x"}}
    assert holds({"field": f"{STORAGE}/sku.name", "exists": False}, body) is True
    assert holds({"count": {"field": f"{STORAGE}/networkAcls.ipRules[*]"}, "equals": 0}, body) is True
    assert holds({"field": f"{STORAGE}/sku.name", "equals": "X"}, body, STORAGE) is True


def test_what_is_not_found_is_listed_and_not_decided(tmp_path: Path) -> None:
    alias = f"{WORKSPACE}/noSuchThing.inside"
    condition = {"allOf": [{"field": "type", "equals": WORKSPACE}, {"field": alias, "notEquals": "x"}]}
    found = library(tmp_path, policy(condition))
    assert found.unknown_aliases == {alias: (f"{tmp_path / '000.json'}: policyRule.if.allOf[1].field",)}
    one = asked(condition, {}, WORKSPACE)
    assert one.state == "undecided"
    assert one.reasons == (f"the alias {alias} is not found in the table of types, so what it selects is not known",)
    assert (
        asked({"allOf": [*condition["allOf"], {"field": "location", "equals": "x"}]}, {}, WORKSPACE).state
        == "compliant"
    )
    for other in (
        f"{WORKSPACE}/publicNetworkAccess.inside",
        f"{WORKSPACE}/sku[*]",
        f"{WORKSPACE}/sharedPrivateLinkResources.name",
    ):
        assert asked({"field": other, "exists": False}, {}, WORKSPACE).state == "undecided", other
    counted = {"count": {"field": f"{WORKSPACE}/noSuchThings[*]"}, "greater": 0}
    assert asked(counted, {}, WORKSPACE).state == "undecided"
    assert asked({"value": f"[field('{alias}')]", "equals": ""}, {}, WORKSPACE).state == "undecided"


def test_types_that_nobody_knows_are_taken_by_the_rule() -> None:
    body = {"properties": {"a": {"b": 1}}, "sku": {"name": "S1"}}
    assert holds({"field": "Contoso.Things/things/a.b", "equals": 1}, body, "Contoso.Things/things") is True
    assert holds({"field": "Contoso.Things/things/sku.name", "equals": "S1"}, body, "Contoso.Things/things") is True


def test_name_and_id_of_a_child() -> None:
    child = resource(f"{STORAGE}/blobServices", {}, name="account/default")
    for field, wanted in (
        ("name", "default"),
        ("fullName", "account/default"),
        (f"{STORAGE}/blobServices/name", "default"),
        ("id", child.id),
        (f"{STORAGE}/blobServices/id", child.id),
    ):
        condition = {"allOf": [{"field": "tags", "exists": False}, {"field": field, "equals": wanted}]}
        (found,) = evaluate(in_memory(policy(condition)), Stack([child]), NOW)
        assert found.state == "non_compliant", field
