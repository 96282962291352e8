# SPDX-License-Identifier: Apache-2.0
"""Exemptions: what they accept, for how long, and when somebody should look at them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from groundplan_policies import catalog
from groundplan_policies.configuration import Exemption
from groundplan_policies.evaluate import Finding, Verdict
from groundplan_policies.exemptions import EXPIRED, UNUSED, Exemptions
from groundplan_policies.resource import Resource
from groundplan_policies.shapes import taken

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
