# SPDX-License-Identifier: Apache-2.0
"""An open container registry lets in only the addresses that it lists."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_closed

ACTION = "properties.networkRuleSet.defaultAction"


def check(registry: Resource) -> Found:
    """A closed registry has no need of a firewall."""
    if is_closed(registry):
        return
    if not registry.equals(ACTION, "Deny"):
        yield registry.wrong(ACTION, "'Deny' is needed unless properties.publicNetworkAccess is 'Disabled'")
    for rule in registry.items("properties.networkRuleSet.ipRules"):
        if rule.text("value").endswith("/0"):
            yield rule.wrong("value", "a block that is not the whole internet is needed")


RULE = Rule(
    id="GP-ACR-004",
    slug="acr-network-rules",
    title="A container registry that is open to the internet lets in only the addresses that it lists",
    severity="medium",
    types=(REGISTRY,),
    controls=("acr-network-rules",),
    rationale="Without a firewall anybody on the internet can try credentials on the registry, and use those that leaked.",
    remediation="Close the registry with `private_endpoint` of `ContainerRegistry`, or list who may come in with `allowed_ip_ranges`.",
    absent="A violation: Azure allows all addresses by default, and opens a registry that does not say otherwise.",
    check=check,
)


def _open(**rules: object) -> dict[str, object]:
    return {"properties": {"publicNetworkAccess": "Enabled", "networkRuleSet": rules}}


GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled", "networkRuleSet": {"defaultAction": "Allow"}}},
    "denies": _open(defaultAction="Deny"),
    "some addresses": _open(defaultAction="Deny", ipRules=[{"value": "203.0.113.0/24"}]),
}
BAD: BadCases = {
    "allows": Bad(
        _open(defaultAction="Allow"),
        says="properties.networkRuleSet.defaultAction is 'Allow'; "
        "'Deny' is needed unless properties.publicNetworkAccess is 'Disabled'",
    ),
    "nothing said": Bad({"properties": {}}, says="properties.networkRuleSet.defaultAction is absent; 'Deny' is needed"),
    "the whole internet is listed": Bad(
        _open(defaultAction="Deny", ipRules=[{"value": "203.0.113.0/24"}, {"value": "0.0.0.0/0"}]),
        says="properties.networkRuleSet.ipRules[1].value is '0.0.0.0/0'; a block that is not the whole internet is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "access decided later": {"properties": {"publicNetworkAccess": UNKNOWN}},
    "firewall decided later": _open(defaultAction=UNKNOWN),
    "addresses decided later": _open(defaultAction="Deny", ipRules=UNKNOWN),
    "one address decided later": _open(defaultAction="Deny", ipRules=[{"value": UNKNOWN}]),
}
