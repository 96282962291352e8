# SPDX-License-Identifier: Apache-2.0
"""A storage account is not copied into another tenant."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ACROSS = "properties.allowCrossTenantReplication"


def check(account: Resource) -> Found:
    """What Azure makes of an absent value depends on when the account was made, so only an explicit one counts."""
    if not account.equals(ACROSS, False):
        yield account.wrong(ACROSS, "false is needed")


RULE = Rule(
    id="GP-ST-018",
    slug="storage-cross-tenant-replication",
    title="A storage account is not copied into another tenant",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-cross-tenant",),
    rationale=(
        "Object replication copies every new blob to another account without a word in the access logs. Into another tenant it is a leak "
        "that one contributor can set up and nobody there can stop."
    ),
    remediation="Use `Storage`, which always forbids it.",
    absent="A violation: accounts made before the end of 2023 allow it then.",
    check=check,
    remedy={"properties.allowCrossTenantReplication": False},
)

GOOD: GoodCases = {"forbidden": {"properties": {"allowCrossTenantReplication": False}}}
BAD: BadCases = {
    "allowed": Bad(
        {"properties": {"allowCrossTenantReplication": True}},
        says="properties.allowCrossTenantReplication is true; false is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.allowCrossTenantReplication is absent; false is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"allowCrossTenantReplication": UNKNOWN}}}
