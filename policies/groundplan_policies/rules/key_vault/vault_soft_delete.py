# SPDX-License-Identifier: Apache-2.0
"""A deleted key vault can be brought back for long enough."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)

ENABLED = "properties.enableSoftDelete"
DAYS = "properties.softDeleteRetentionInDays"


def check(vault: Resource, given: Mapping[str, Any]) -> Found:
    """New vaults always have soft delete; old bodies may still say that they do not want it."""
    days = vault.number(DAYS)
    if days is not None and days < given["minimumDays"]:
        yield vault.wrong(DAYS, f"at least {given['minimumDays']} days are needed")
    if vault.equals(ENABLED, False):
        yield vault.wrong(ENABLED, "true is needed")


RULE = Rule(
    id="GP-KV-005",
    slug="vault-soft-delete",
    title="A deleted key vault can be brought back for long enough",
    severity="medium",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-soft-delete",),
    rationale=(
        "A wrong delete is often noticed weeks later, by the first service that asks for a key. The retention is set when the vault is "
        "made and can not be changed afterwards."
    ),
    remediation=(
        "Raise `soft_delete_retention_days` of `KeyVault`, at most to 90, before the vault is made; lower `minimumDays` in the "
        "configuration of the pack for environments that come and go."
    ),
    absent="Passes: Azure keeps deleted vaults, for 90 days.",
    parameters=(
        Parameter(
            name="minimumDays",
            default=30,
            description="The fewest days that a deleted vault has to stay recoverable; Azure takes 7 to 90.",
            schema={"type": "integer", "minimum": 7, "maximum": 90},
        ),
    ),
    check=check,
)

GOOD: GoodCases = {
    "just long enough": {"properties": {"enableSoftDelete": True, "softDeleteRetentionInDays": 30}},
    "not said": {"properties": {}},
    "fewer were agreed": Good({"properties": {"softDeleteRetentionInDays": 7}}, given={"minimumDays": 7}),
}
BAD: BadCases = {
    "too short": Bad(
        {"properties": {"softDeleteRetentionInDays": 29}},
        says="properties.softDeleteRetentionInDays is 29; at least 30 days are needed",
    ),
    "more were agreed": Bad(
        {"properties": {"softDeleteRetentionInDays": 30}},
        says="properties.softDeleteRetentionInDays is 30; at least 90 days are needed",
        given={"minimumDays": 90},
    ),
    "off": Bad(
        {"properties": {"enableSoftDelete": False, "softDeleteRetentionInDays": 90}},
        says="properties.enableSoftDelete is false; true is needed",
    ),
    "too short, the rest is known later": Bad(
        {"properties": {"enableSoftDelete": UNKNOWN, "softDeleteRetentionInDays": 7}},
        says="properties.softDeleteRetentionInDays is 7; at least 30 days are needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "days known later": {"properties": {"softDeleteRetentionInDays": UNKNOWN}},
    "switch known later": {"properties": {"enableSoftDelete": UNKNOWN}},
}
