# SPDX-License-Identifier: Apache-2.0
"""A Purview account and what Azure keeps for it are closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

PUBLIC = "properties.publicNetworkAccess"
KEPT = ("properties.managedResourcesPublicNetworkAccess", "properties.ingestionStorage.publicNetworkAccess")


def check(account: Resource) -> Found:
    """The account itself, then the storage behind it, of which only an explicit `Enabled` is open."""
    yield from each_of([account.view(PUBLIC)], _must_be_closed)
    yield from each_of([account.view(path) for path in KEPT], _must_not_be_open)


def _must_be_closed(access: View) -> Found:
    if not access.equals("", "Disabled"):
        yield access.wrong("", "'Disabled' is needed")


def _must_not_be_open(access: View) -> Found:
    if access.equals("", "Enabled"):
        yield access.wrong("", "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-022",
    slug="purview-public-access",
    title="A Purview account and what Azure keeps for it are closed to the internet",
    severity="medium",
    types=("Microsoft.Purview/accounts",),
    controls=("purview-public-access",),
    rationale="The catalog tells where the valuable data is, who owns it and what it is made of: a map for whoever wants to take it.",
    remediation=(
        "Leave `public_network_access` and `managed_resources_public_network_access` of `PurviewAccount` at False and give it a "
        "`private_endpoint`."
    ),
    absent="A violation for the account, which Azure opens then; the storage behind it passes.",
    check=check,
)


def _account(public: object, managed: object = None, ingestion: object = None) -> dict[str, object]:
    return {
        "properties": {
            "publicNetworkAccess": public,
            "managedResourcesPublicNetworkAccess": managed,
            "ingestionStorage": {"publicNetworkAccess": ingestion},
        }
    }


GOOD: GoodCases = {
    "all closed": _account("Disabled", "Disabled", "Disabled"),
    "storage not said": {"properties": {"publicNetworkAccess": "Disabled"}},
}
BAD: BadCases = {
    "open": Bad(
        _account("Enabled", UNKNOWN),
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
    "managed storage open": Bad(
        _account("Disabled", "Enabled"),
        says="properties.managedResourcesPublicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "storage of scans open": Bad(
        _account("Disabled", UNKNOWN, "Enabled"),
        says="properties.ingestionStorage.publicNetworkAccess is 'Enabled'",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _account(UNKNOWN),
    "storage decided later": _account("Disabled", UNKNOWN),
}
