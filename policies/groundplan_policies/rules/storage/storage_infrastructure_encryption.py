# SPDX-License-Identifier: Apache-2.0
"""A storage account is encrypted twice."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

TWICE = "properties.encryption.requireInfrastructureEncryption"


def check(account: Resource) -> Found:
    """Only an explicit yes makes Azure do it."""
    if not account.equals(TWICE, True):
        yield account.wrong(TWICE, "true is needed")


RULE = Rule(
    id="GP-ST-012",
    slug="storage-infrastructure-encryption",
    title="A storage account is encrypted twice, by the service and below it",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-infra-encryption",),
    rationale=(
        "A second layer with another key and another algorithm keeps the data safe if one of the two is broken. It costs nothing, and can "
        "be had only when the account is made: later it means a new account and moving all data."
    ),
    remediation="Use `Storage`, which always asks for it.",
    absent="A violation: Azure encrypts once.",
    check=check,
)

GOOD: GoodCases = {"twice": {"properties": {"encryption": {"requireInfrastructureEncryption": True}}}}
BAD: BadCases = {
    "once": Bad(
        {"properties": {"encryption": {"requireInfrastructureEncryption": False}}},
        says="properties.encryption.requireInfrastructureEncryption is false; true is needed",
    ),
    "not said": Bad(
        {"properties": {"encryption": {"keySource": "Microsoft.Storage"}}},
        says="properties.encryption.requireInfrastructureEncryption is absent; true is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"encryption": UNKNOWN}}}
