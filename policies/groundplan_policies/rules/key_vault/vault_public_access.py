# SPDX-License-Identifier: Apache-2.0
"""A key vault is not reachable from the public internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.network_rules import PUBLIC, is_closed


def check(vault: Resource) -> Found:
    """Closed, or left to a network security perimeter, which is closed until its rules say otherwise."""
    if not is_closed(vault):
        yield vault.wrong(PUBLIC, "'Disabled' or 'SecuredByPerimeter' is needed")


RULE = Rule(
    id="GP-KV-001",
    slug="vault-public-access",
    title="A key vault is not reachable from the public internet",
    severity="high",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-public-access",),
    rationale=(
        "A vault holds what opens everything else. While it answers the internet, one leaked token of one of its readers is enough, "
        "from anywhere. A network security perimeter counts as closed: it lets in only what its own rules name."
    ),
    remediation="Give the vault a private endpoint and leave `public_network_access` of `KeyVault` at False.",
    absent="A violation: Azure opens a vault that does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in Azure's lower case": {"properties": {"publicNetworkAccess": "disabled"}},
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
