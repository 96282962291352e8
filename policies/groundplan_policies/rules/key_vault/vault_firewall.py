# SPDX-License-Identifier: Apache-2.0
"""A key vault lets nobody in from the internet whom no rule names."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.network_rules import ACTION, has_firewall


def check(vault: Resource) -> Found:
    """A firewall, or no public access at all."""
    if not has_firewall(vault):
        yield vault.wrong(ACTION, "'Deny' is needed where public access is on")


RULE = Rule(
    id="GP-KV-002",
    slug="vault-firewall",
    title="A key vault lets nobody in from the internet whom no rule names",
    severity="high",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-firewall",),
    rationale=(
        "Where a vault has to be reached over the internet, a firewall keeps it to a few known addresses and subnets. Without one "
        "everybody can try stolen credentials on it. A vault without public access passes: its rules do nothing."
    ),
    remediation=(
        "Leave `public_network_access` of `KeyVault` at False, or name those who may come in with `allowed_addresses` and "
        "`allowed_subnet_ids`, which turns the firewall on."
    ),
    absent="A violation where public access is on, as it is unless the vault says otherwise: Azure allows everybody.",
    check=check,
)

GOOD: GoodCases = {
    "a firewall": {"properties": {"networkAcls": {"defaultAction": "Deny"}}},
    "a firewall of an open vault": {
        "properties": {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "deny"}}
    },
    "closed": {"properties": {"publicNetworkAccess": "Disabled", "networkAcls": {"defaultAction": "Allow"}}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter"}},
    "closed, the rules are known later": {"properties": {"publicNetworkAccess": "Disabled", "networkAcls": UNKNOWN}},
    "a firewall, access is known later": {
        "properties": {"publicNetworkAccess": UNKNOWN, "networkAcls": {"defaultAction": "Deny"}}
    },
}
BAD: BadCases = {
    "everybody": Bad(
        {"properties": {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Allow"}}},
        says="properties.networkAcls.defaultAction is 'Allow'; 'Deny' is needed where public access is on",
    ),
    "not said": Bad(
        {"properties": {}},
        says="properties.networkAcls.defaultAction is absent; 'Deny' is needed where public access is on",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "rules known later": {"properties": {"networkAcls": {"defaultAction": UNKNOWN}}},
    "access known later": {"properties": {"publicNetworkAccess": UNKNOWN, "networkAcls": {"defaultAction": "Allow"}}},
}
