# SPDX-License-Identifier: Apache-2.0
"""An Event Hubs namespace is closed to the internet.

The namespace has the switch, and so has its set of network rules, which overwrites it: both are asked.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"
RULES = "Microsoft.EventHub/namespaces/networkRuleSets"


def check(namespace: Resource) -> Found:
    """A set of rules without the switch leaves that of the namespace as it is."""
    if namespace.is_a(RULES) and not namespace.given(PUBLIC):
        return
    if not namespace.equals(PUBLIC, "Disabled", "SecuredByPerimeter"):
        yield namespace.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-005",
    slug="event-hubs-public-access",
    title="An Event Hubs namespace is closed to the internet",
    severity="medium",
    types=("Microsoft.EventHub/namespaces", "Microsoft.EventHub/namespaces/networkRuleSets"),
    controls=("eh-public-access",),
    rationale=(
        "Streams feed models and decisions. Whoever reaches the namespace can try tokens on it, to read along or to send what "
        "looks like data."
    ),
    remediation="Leave `public_network_access` of `EventHubs` at False and give it a `private_endpoint`.",
    absent="A violation for a namespace, which Azure opens then; a set of network rules passes.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

_RULES = "Microsoft.EventHub/namespaces/networkRuleSets"
GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter"}},
    "rules say nothing": {"type": _RULES, "name": "evhns/default", "properties": {"defaultAction": "Deny"}},
    "rules close": {"type": _RULES, "name": "evhns/default", "properties": {"publicNetworkAccess": "Disabled"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
    "rules open": Bad(
        {"type": _RULES, "name": "evhns/default", "properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
