# SPDX-License-Identifier: Apache-2.0
"""A key vault with a firewall lets Azure's trusted services in.

Checklists that want no way around a firewall ask for the opposite. Here the services win: each still needs a role on the vault,
and without them a platform whose data is encrypted with the vault's keys stops.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.network_rules import PUBLIC, has_firewall

BYPASS = "properties.networkAcls.bypass"


def check(vault: Resource) -> Found:
    """Only where there is a firewall to pass; in a perimeter the perimeter's rules decide."""
    if not any_of(
        lambda: vault.equals(BYPASS, "AzureServices"),
        lambda: not vault.has(BYPASS),
        lambda: vault.equals(PUBLIC, "SecuredByPerimeter"),
        lambda: not has_firewall(vault),
    ):
        yield vault.wrong(BYPASS, "'AzureServices' is needed")


RULE = Rule(
    id="GP-KV-003",
    slug="vault-trusted-services",
    title="A key vault with a firewall lets Azure's trusted services in",
    severity="medium",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-bypass",),
    rationale=(
        "A workspace that is closed to the internet, and storage or registries encrypted with a key of the vault, reach it as trusted "
        "services, each with an identity that needs a role. Without the bypass they lose the vault, and with it their data. Exempt a "
        "vault that none of them uses."
    ),
    remediation="Leave `trusted_services` of `KeyVault` at True.",
    absent="Passes: Azure lets its trusted services in unless told not to.",
    check=check,
)

GOOD: GoodCases = {
    "let in": {"properties": {"networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"}}},
    "not said": {"properties": {"networkAcls": {"defaultAction": "Deny"}}},
    "no rules at all": {"properties": {"publicNetworkAccess": "Disabled"}},
    "nothing to pass": {"properties": {"networkAcls": {"defaultAction": "Allow", "bypass": "None"}}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter", "networkAcls": {"bypass": "None"}}},
    "nothing to pass, the bypass is known later": {
        "properties": {
            "publicNetworkAccess": "Enabled",
            "networkAcls": {"defaultAction": "Allow", "bypass": UNKNOWN},
        }
    },
}
BAD: BadCases = {
    "kept out by the firewall": Bad(
        {"properties": {"networkAcls": {"defaultAction": "Deny", "bypass": "None"}}},
        says="properties.networkAcls.bypass is 'None'; 'AzureServices' is needed",
    ),
    "kept out of a closed vault": Bad(
        {
            "properties": {
                "publicNetworkAccess": "Disabled",
                "networkAcls": {"defaultAction": "Allow", "bypass": "None"},
            }
        },
        says="properties.networkAcls.bypass is 'None'; 'AzureServices' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "bypass known later": {"properties": {"networkAcls": {"defaultAction": "Deny", "bypass": UNKNOWN}}},
    "firewall known later": {"properties": {"networkAcls": {"defaultAction": UNKNOWN, "bypass": "None"}}},
}
