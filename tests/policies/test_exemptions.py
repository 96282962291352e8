# SPDX-License-Identifier: Apache-2.0
"""Exemptions: what they accept, for how long, and when somebody should look at them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from groundplan_policies import catalog
from groundplan_policies.configuration import ConfigurationError, Exemption, read, schema
from groundplan_policies.evaluate import Finding, Verdict
from groundplan_policies.exemptions import EXPIRED, UNUSED, Exemptions
from groundplan_policies.resource import Resource
from groundplan_policies.shapes import taken

RESOURCE = jsonschema.Draft202012Validator(schema()["$defs"]["Exemption"]["properties"]["resource"])
TODAY = datetime.date(2026, 6, 15)
RULE = catalog.load().get("vault-public-access").rule
VAULT = Resource(
    {},
    type="Microsoft.KeyVault/vaults",
    label="vault",
    key="urn:pulumi:prod::shore::azure-native:keyvault:Vault::vault",
    name="kv-1",
)


def exemption(**other: Any) -> Exemption:
    given = {"rule": RULE.id, "resource": "vault", "reason": "moves", "approver": "Ada", "expires": TODAY}
    return taken(given | other, Exemption)


def found(verdict: Verdict = "violation") -> Finding:
    return Finding(RULE, verdict, VAULT, "", "is open")


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"rule": "*"},
        {"rule": "vault-public-access"},
        {"rule": "gp-kv-001"},
        {"resource": "VAU*"},
        {"resource": "*:keyvault:Vault::*"},
        {"resource": "kv-?"},
        {"stack": "shore/*"},
        {"stack": "Shore/Prod"},
    ],
)
def test_accepted(other: dict[str, Any]) -> None:
    """By id or slug, by pattern over logical name, URN or ARM name, on the last day too."""
    given = Exemptions([exemption(**other)], TODAY, "shore/prod")
    assert given.covering(found()) == exemption(**other)
    assert given.notices() == []


@pytest.mark.parametrize(
    "other", [{"rule": "GP-KV-002"}, {"resource": "cellar"}, {"stack": "shore/dev"}, {"resource": "vaul"}]
)
def test_not_accepted(other: dict[str, Any]) -> None:
    assert Exemptions([exemption(**other)], TODAY, "shore/prod").covering(found()) is None


def test_an_expired_one_accepts_nothing() -> None:
    """Used or not, it is told as expired alone."""
    given = Exemptions([exemption(expires=TODAY - datetime.timedelta(days=1))], TODAY)
    assert given.covering(found()) is None
    assert [each.problem for each in given.notices()] == [EXPIRED]


def test_one_of_no_use_is_told_where_it_belongs() -> None:
    """Not in stacks that it is not for."""
    unused = exemption(stack="shore/prod")
    assert [each.problem for each in Exemptions([unused], TODAY, "shore/prod").notices()] == [UNUSED]
    assert Exemptions([unused], TODAY, "shore/dev").notices() == []


def test_a_rule_that_raised_is_never_accepted() -> None:
    given = Exemptions([exemption()], TODAY)
    assert given.covering(found("error")) is None
    assert given.notices() == []


@pytest.mark.parametrize("pattern", ["*kv-*", "k?v?1", "[kK]v-1", "[]]abc", "[!!a]bcd", "subnet[[]0]", "k v1"])
def test_a_pattern_that_names_something(pattern: str) -> None:
    assert exemption(resource=pattern).resource == pattern
    assert RESOURCE.is_valid(pattern)


@pytest.mark.parametrize(
    "pattern", ["*", "kv", "***", "?*kv", "[a-z]*[0-9]", "[abc]kv", "[!abc]*kv", "[]abc]kv", "[!]abc]kv", "* k v *"]
)
def test_a_pattern_that_is_almost_every_resource(pattern: str, tmp_path: Path) -> None:
    """It is refused in words, and by the schema."""
    path = tmp_path / "groundplan.policy.yaml"
    path.write_text(
        "version: 1\nexemptions:\n- {rule: '*', reason: moves, approver: Ada, expires: 2026-06-15, "
        f"resource: '{pattern}'}}\n"
    )

    with pytest.raises(ConfigurationError) as raised:
        read(path)

    at = f"{path}:3:76: exemptions.0.resource is {pattern!r}; at least 3 characters that are no wildcards are needed: "
    assert str(raised.value).startswith(at)
    assert not RESOURCE.is_valid(pattern)
