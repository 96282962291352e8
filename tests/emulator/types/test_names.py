# SPDX-License-Identifier: Apache-2.0
"""Name rules against a second reading of Microsoft's "Naming rules and restrictions for Azure resources"."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan_emulator.arm.resource import NameRule
from groundplan_emulator.types.container_registry.registries import Registries
from groundplan_emulator.types.key_vault.vaults import Vaults
from groundplan_emulator.types.managed_identity.user_assigned_identities import UserAssignedIdentities
from groundplan_emulator.types.operational_insights.workspaces import Workspaces
from groundplan_emulator.types.storage.containers import Containers

NAMES = st.text(alphabet="aZb09-_.é $", max_size=66)
LETTERS = set("aZb")
DIGITS = set("09")


def vault(name: str) -> bool:
    return (
        3 <= len(name) <= 24
        and set(name) <= LETTERS | DIGITS | {"-"}
        and name[0] in LETTERS
        and name[-1] != "-"
        and "--" not in name
    )


def container(name: str) -> bool:
    low = LETTERS - {"Z"} | DIGITS
    return 3 <= len(name) <= 63 and set(name) <= low | {"-"} and name[0] != "-" and name[-1] != "-" and "--" not in name


def registry(name: str) -> bool:
    return 5 <= len(name) <= 50 and set(name) <= LETTERS | DIGITS


def identity(name: str) -> bool:
    return 3 <= len(name) <= 128 and set(name) <= LETTERS | DIGITS | {"-", "_"} and name[0] not in "-_"


def logs(name: str) -> bool:
    return 4 <= len(name) <= 63 and set(name) <= LETTERS | DIGITS | {"-"} and name[0] != "-" and name[-1] != "-"


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (Vaults.name_rule, vault),
        (Containers.name_rule, container),
        (Registries.name_rule, registry),
        (UserAssignedIdentities.name_rule, identity),
        (Workspaces.name_rule, logs),
    ],
    ids=["vault", "container", "registry", "identity", "logs"],
)
def test_a_name_is_allowed_where_the_rule_in_words_allows_it(rule: NameRule, allowed: Callable[[str], bool]):
    @given(NAMES | st.text(alphabet="ab09-", max_size=30))
    def check(name: str) -> None:
        assert (re.fullmatch(rule.pattern, name) is not None) == allowed(name)

    check()
