# SPDX-License-Identifier: Apache-2.0
"""Nobody can purge a deleted key vault before its time."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PROTECTION = "properties.enablePurgeProtection"


def check(vault: Resource) -> Found:
    """Azure never switches it on by itself."""
    if not vault.equals(PROTECTION, True):
        yield vault.wrong(PROTECTION, "true is needed")


RULE = Rule(
    id="GP-KV-004",
    slug="vault-purge-protection",
    title="Nobody can purge a deleted key vault before its time",
    severity="high",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-purge-protection",),
    rationale=(
        "Whoever may purge destroys the keys for good, and all data that they encrypt. Encryption with a customer's key demands the "
        "protection. It can not be taken back, and it holds the vault's name for the whole retention: vaults of trials want an exemption."
    ),
    remediation="Leave `purge_protection` of `KeyVault` at True.",
    absent="A violation: Azure leaves it off.",
    check=check,
)

GOOD: GoodCases = {"protected": {"properties": {"enablePurgeProtection": True}}}
BAD: BadCases = {
    "off": Bad(
        {"properties": {"enablePurgeProtection": False}},
        says="properties.enablePurgeProtection is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.enablePurgeProtection is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"enablePurgeProtection": UNKNOWN}}}
