# SPDX-License-Identifier: Apache-2.0
"""A storage account lets nobody in from the internet whom no rule names."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.network_rules import ACTION, has_firewall


def check(account: Resource) -> Found:
    """A firewall, or no public access at all."""
    if not has_firewall(account):
        yield account.wrong(ACTION, "'Deny' is needed where public access is on")


RULE = Rule(
    id="GP-ST-002",
    slug="storage-firewall",
    title="A storage account lets nobody in from the internet whom no rule names",
    severity="high",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-default-deny",),
    rationale=(
        "Where an account has to be reached over the internet, a firewall keeps it to a few known addresses, subnets and resources. "
        "An account without public access passes whatever its rules say, since they do nothing then; some checkers want 'Deny' even so."
    ),
    remediation=(
        "Leave `public_network_access` of `Storage` at False, or name those who may come in with `allowed_ip_ranges` and "
        "`allowed_subnet_ids`, which turns the firewall on."
    ),
    absent="A violation where public access is on, as it is unless the account says otherwise: Azure allows everybody.",
    check=check,
)

GOOD: GoodCases = {
    "a firewall": {"properties": {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Deny"}}},
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter"}},
    "closed, the rules are known later": {"properties": {"publicNetworkAccess": "Disabled", "networkAcls": UNKNOWN}},
}
BAD: BadCases = {
    "everybody": Bad(
        {"properties": {"networkAcls": {"defaultAction": "Allow"}}},
        says="properties.networkAcls.defaultAction is 'Allow'; 'Deny' is needed where public access is on",
    ),
    "not said": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.networkAcls.defaultAction is absent; 'Deny' is needed where public access is on",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "rules known later": {"properties": {"networkAcls": {"defaultAction": UNKNOWN}}},
    "access known later": {"properties": {"publicNetworkAccess": UNKNOWN}},
}
