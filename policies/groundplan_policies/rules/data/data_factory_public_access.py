# SPDX-License-Identifier: Apache-2.0
"""A data factory is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"


def check(factory: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not factory.equals(PUBLIC, "Disabled"):
        yield factory.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-016",
    slug="data-factory-public-access",
    title="A data factory is closed to the internet",
    severity="medium",
    types=("Microsoft.DataFactory/factories",),
    controls=("adf-public-access",),
    rationale=(
        "Integration runtimes get their orders from the factory, and its studio shows every pipeline and every source. Neither has "
        "to be on the internet."
    ),
    remediation="Leave `public_network_access` of `DataFactory` at False and give it a `private_endpoint`.",
    absent="A violation: Azure opens what does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
