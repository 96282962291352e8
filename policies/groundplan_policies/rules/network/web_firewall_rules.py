# SPDX-License-Identifier: Apache-2.0
"""A web application firewall has Microsoft's managed rules for common attacks."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.decisions import any_of

SETS = "properties.managedRules.managedRuleSets"
NAMES = ("Microsoft_DefaultRuleSet", "DefaultRuleSet", "OWASP")


def check(policy: Resource) -> Found:
    """A set against bots alone is not enough. The standard tier of Front Door has no managed rules."""
    if policy.equals("sku.name", "Standard_AzureFrontDoor"):
        return
    found = policy.items(SETS)
    if not any_of(*(lambda each=each: each.equals("ruleSetType", *NAMES) for each in found)):
        yield policy.wrong(SETS, "one of the type 'Microsoft_DefaultRuleSet' is needed")


RULE = Rule(
    id="GP-NET-017",
    slug="web-firewall-rules",
    title="A web application firewall has Microsoft's managed rules for common attacks",
    severity="medium",
    types=(
        "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies",
        "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",
    ),
    controls=("net-waf-rules",),
    rationale="Without a set of rules the firewall lets everything through, whatever its mode is.",
    remediation="Add the set `Microsoft_DefaultRuleSet`; `ApplicationGateway` and `FrontDoor` (sku `Premium`) do.",
    absent="A violation: there are no rules unless some are named.",
    check=check,
)


def _policy(*sets: object, sku: object = None) -> dict[str, object]:
    named = [{"ruleSetType": each, "ruleSetVersion": "2.1"} for each in sets]
    return {"sku": {"name": sku}, "properties": {"managedRules": {"managedRuleSets": named}}}


GOOD: GoodCases = {
    "Microsoft's": _policy("Microsoft_BotManagerRuleSet", "Microsoft_DefaultRuleSet"),
    "of Front Door": _policy("DefaultRuleSet", sku="Premium_AzureFrontDoor"),
    "of OWASP": _policy("OWASP"),
    "standard Front Door": _policy(sku="Standard_AzureFrontDoor"),
}
BAD: BadCases = {
    "none": Bad(
        {"properties": {}},
        says=(
            "properties.managedRules.managedRuleSets is absent; one of the type 'Microsoft_DefaultRuleSet' is needed"
        ),
    ),
    "bots only": Bad(
        _policy("Microsoft_BotManagerRuleSet", sku="Premium_AzureFrontDoor"),
        says="one of the type 'Microsoft_DefaultRuleSet' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _policy(UNKNOWN),
    "tier decided later": _policy(sku=UNKNOWN),
}
