# SPDX-License-Identifier: Apache-2.0
"""An application gateway has a web application firewall."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    UnknownCases,
)

TIER = "properties.sku.tier"
POLICY = "properties.firewallPolicy.id"
OLD = "properties.webApplicationFirewallConfiguration"


def check(gateway: Resource) -> Found:
    """Of a policy, which has rules of its own, or in the gateway's body as before there were policies."""
    if not gateway.equals(TIER, "WAF", "WAF_v2"):
        yield gateway.wrong(TIER, "'WAF_v2' is needed")
    elif not gateway.sources_of(POLICY) and not gateway.has(POLICY):
        if not gateway.equals(f"{OLD}.enabled", True):
            yield gateway.wrong(POLICY, "the id of a firewall policy is needed")
        elif not gateway.equals(f"{OLD}.firewallMode", "Prevention"):
            yield gateway.wrong(f"{OLD}.firewallMode", "'Prevention' is needed")


RULE = Rule(
    id="GP-NET-018",
    slug="application-gateway-firewall",
    title="An application gateway has a web application firewall",
    severity="high",
    types=("Microsoft.Network/applicationGateways",),
    controls=("net-appgw-waf",),
    rationale="Behind the gateway is what was never on the internet before: scoring containers whose parsers nobody hardened.",
    remediation="Choose the tier `WAF_v2` and name a `firewallPolicy`; `ApplicationGateway` always does.",
    absent="A violation: without a tier, a policy or a mode of its own the gateway filters nothing.",
    unknown="Passes where the policy's id comes out of another resource; else undecided until the update knows it.",
    check=check,
)


def _gateway(tier: object, policy: object = None, **old: object) -> dict[str, object]:
    return {
        "properties": {
            "sku": {"name": tier, "tier": tier},
            "firewallPolicy": {"id": policy},
            "webApplicationFirewallConfiguration": old,
        }
    }


GOOD: GoodCases = {
    "a policy": _gateway("WAF_v2", "/waf"),
    "a policy made in the same update": [
        _gateway("WAF_v2", Later("waf")),
        {"type": "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies", "name": "waf", "new": True},
    ],
    "in its body": _gateway("WAF", enabled=True, firewallMode="Prevention"),
}
BAD: BadCases = {
    "no firewall": Bad(
        _gateway("Standard_v2", "/waf"), says="properties.sku.tier is 'Standard_v2'; 'WAF_v2' is needed"
    ),
    "not said": Bad({"properties": {}}, says="properties.sku.tier is absent"),
    "no policy": Bad(
        _gateway("WAF_v2"), says="properties.firewallPolicy.id is absent; the id of a firewall policy is needed"
    ),
    "off": Bad(
        _gateway("WAF_v2", enabled=False, firewallMode="Prevention"), says="the id of a firewall policy is needed"
    ),
    "watches": Bad(
        _gateway("WAF_v2", enabled=True, firewallMode="Detection"),
        says=("properties.webApplicationFirewallConfiguration.firewallMode is 'Detection'; 'Prevention' is needed"),
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _gateway(UNKNOWN, "/waf"),
    "policy decided later": _gateway("WAF_v2", UNKNOWN),
}
