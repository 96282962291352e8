# SPDX-License-Identifier: Apache-2.0
"""A Cosmos DB account is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"


def check(account: Resource) -> Found:
    """A network security perimeter closes it as well."""
    if not account.equals(PUBLIC, "Disabled", "SecuredByPerimeter"):
        yield account.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-001",
    slug="cosmos-public-access",
    title="A Cosmos DB account is closed to the internet",
    severity="medium",
    types=("Microsoft.DocumentDB/databaseAccounts",),
    controls=("cosmos-public-access",),
    rationale=(
        "A database on the internet is found within hours and tried with every key that ever leaked. An address list does not change "
        "that for the clouds that are on it."
    ),
    remediation="Set `publicNetworkAccess` to `Disabled` and lead a `PrivateLink` to the account.",
    absent="A violation: Azure opens what does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
