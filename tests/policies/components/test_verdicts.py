# SPDX-License-Identifier: Apache-2.0
"""What the tests of components ask of a record they would hear: violations of what is theirs, whatever the level."""

from __future__ import annotations

from typing import Any

from groundplan_policies.record import Record
from groundplan_policies.resource import Resource
from tests.policies.components import verdicts

STACK = "urn:pulumi:dev::shore"
VAULT = "groundplan:index:KeyVault"


def _open_vault(name: str, *parents: str) -> Resource:
    around = "$".join(each.split("::")[2].rpartition("$")[2] for each in reversed(parents))
    kind = f"{around}$azure-native:keyvault:Vault" if around else "azure-native:keyvault:Vault"
    return Resource(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        type="Microsoft.KeyVault/vaults",
        name=name,
        key=f"{STACK}::{kind}::{name}",
        label=name,
        parents=parents,
    )


def _record(*resources: Resource, **finding: Any) -> Record:
    rows = [
        {"rule": "GP-KV-001", "resource": each.key, "message": f"{each.name} is open", **finding} for each in resources
    ]
    return Record("shore", "dev", resources, rows)


OWN = _open_vault("vault", f"{STACK}::{VAULT}::vault")
INNER = _open_vault(
    "locked-inner", f"{STACK}::groundplan:index:Platform${VAULT}::inner", f"{STACK}::groundplan:index:Platform::locked"
)
OTHER = _open_vault("other", f"{STACK}::groundplan:index:Storage::other")
ALONE = _open_vault("locked-alone")


def test_resources_of_a_component_are_found() -> None:
    """Also where it is part of another one; by its name where one is chosen."""
    seen = _record(OWN, INNER, OTHER, ALONE)

    assert verdicts.under(seen, "KeyVault") == [OWN, INNER]
    assert verdicts.under(seen, "KeyVault", lambda name: name == "vault") == [OWN]


def test_resources_are_found_by_the_name_of_the_outermost_component() -> None:
    """Or by their own, without one."""
    assert verdicts.rooted(_record(OWN, INNER, OTHER, ALONE), "locked") == [INNER, ALONE]


def test_violations_are_told_whatever_their_level() -> None:
    """Of the resources that it is about, and of no others."""
    for level in ("advisory", "mandatory"):
        for verdict in ("violation", "error"):
            seen = _record(OWN, OTHER, verdict=verdict, level=level)
            assert verdicts.told(seen, [OWN]) == ["GP-KV-001 vault: vault is open"]


def test_what_the_update_decides_is_not_told() -> None:
    """But for what is secret: that weighs as the rule does."""
    assert verdicts.told(_record(OWN, verdict="undecided", level="advisory"), [OWN]) == []
    assert verdicts.told(_record(OWN, verdict="undecided", level="mandatory"), [OWN]) != []


def test_another_pack_is_asked_about_the_same_resources() -> None:
    """Its rules see what the engine's pack saw."""
    told = verdicts.told(Record("shore", "dev", [OWN]), [OWN], "regulated")

    assert "GP-KV-001 vault: properties.publicNetworkAccess is 'Enabled'" in "\n".join(told)
