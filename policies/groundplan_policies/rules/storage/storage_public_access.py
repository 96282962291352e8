# SPDX-License-Identifier: Apache-2.0
"""A storage account is not reachable from the public internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.network_rules import PUBLIC, is_closed


def check(account: Resource) -> Found:
    """Closed, or left to a network security perimeter, which is closed until its rules say otherwise."""
    if not is_closed(account):
        yield account.wrong(PUBLIC, "'Disabled' or 'SecuredByPerimeter' is needed")


RULE = Rule(
    id="GP-ST-001",
    slug="storage-public-access",
    title="A storage account is not reachable from the public internet",
    severity="high",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-public-access",),
    rationale=(
        "Training data and models leave by the account's public address as soon as a key, a SAS token or a role has got into wrong hands. "
        "A network security perimeter counts as closed: it lets in only what its own rules name."
    ),
    remediation="Give the account private endpoints and leave `public_network_access` of `Storage` at False.",
    absent="A violation: Azure opens an account that does not say otherwise.",
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
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' or 'SecuredByPerimeter' is needed",
    ),
    "not said": Bad(
        {"properties": {}},
        says="properties.publicNetworkAccess is absent; 'Disabled' or 'SecuredByPerimeter' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
