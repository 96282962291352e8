# SPDX-License-Identifier: Apache-2.0
"""A secret expires."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

DATE = "properties.attributes.exp"


def check(secret: Resource) -> Found:
    """A vault rotates no secrets by itself, so there is nothing else that ends one."""
    if not secret.has(DATE):
        yield secret.wrong(DATE, "a date is needed")


RULE = Rule(
    id="GP-KV-014",
    slug="secret-expiry",
    title="A secret expires",
    severity="medium",
    types=("Microsoft.KeyVault/vaults/secrets",),
    controls=("kv-secret-expiry",),
    rationale=(
        "A password that never ends stays good in every log, backup and notebook that it got into. With a date the vault announces the "
        "end a month before, and somebody replaces it."
    ),
    remediation=(
        "Set `properties.attributes.exp`, in seconds since 1970, to the day on which whoever issued the secret ends it too; better, let "
        "the caller use its identity, and drop the secret."
    ),
    absent="A violation: Azure gives secrets no end.",
    check=check,
)

GOOD: GoodCases = {"a date": {"properties": {"attributes": {"exp": 1893456000}}}}
BAD: BadCases = {
    "for ever": Bad(
        {"properties": {"attributes": {"enabled": True}}},
        says="properties.attributes.exp is absent; a date is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"attributes": UNKNOWN}}}
