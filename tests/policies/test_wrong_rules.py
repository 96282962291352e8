# SPDX-License-Identifier: Apache-2.0
"""A rule that can never fire is refused: its own cases would not notice."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from groundplan_policies import catalog
from groundplan_policies.rule import RuleError

ENTRY = catalog.load().get("vault-public-access")
RULE = ENTRY.rule
VAULT = "Microsoft.KeyVault/vaults"


@pytest.mark.parametrize(
    "types",
    [
        VAULT,
        "*",
        [VAULT],
        ("",),
        ("Microsoft.KeyVault",),
        (VAULT, "vaults"),
        ("*", VAULT),
        ("*", "*"),
        ("Microsoft.KeyVault/*",),
        (f"{VAULT}/",),
        (f" {VAULT}",),
        (VAULT, None),
    ],
)
def test_types_that_no_resource_has(types: Any) -> None:
    with pytest.raises(RuleError) as raised:
        catalog.entry_of(module(types), "vault")

    assert str(raised.value) == (
        f"rule {RULE.id} ({RULE.slug}): types {types!r}: "
        "a tuple of ARM types such as ('Microsoft.KeyVault/vaults',) is needed, or ('*',) for every type"
    )


@pytest.mark.parametrize("types", [("*",), (VAULT,), (VAULT, "microsoft.web/sites/slots")])
def test_types(types: tuple[str, ...]) -> None:
    assert catalog.entry_of(module(types), "vault").rule.types == types


def module(types: Any) -> ModuleType:
    """A file of rules."""
    made = ModuleType(RULE.slug)
    made.__file__ = ENTRY.file
    made.__dict__.update(RULE=replace(RULE, types=types), GOOD=ENTRY.good, BAD=ENTRY.bad, UNKNOWN_CASES=ENTRY.unknown)
    return made
