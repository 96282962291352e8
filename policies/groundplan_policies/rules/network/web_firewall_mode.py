# SPDX-License-Identifier: Apache-2.0
"""A web application firewall blocks what it finds."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

SETTINGS = "properties.policySettings"
STATES = ("state", "enabledState")
"""The switch of a gateway's policy, and that of Front Door's."""


def check(policy: Resource) -> Found:
    """In use, and not only watching."""
    settings = policy.view(SETTINGS)
    yield from each_of([settings.view(state) for state in STATES], _off)
    if not settings.equals("mode", "Prevention"):
        yield settings.wrong("mode", "'Prevention' is needed")


def _off(state: View) -> Found:
    if state.equals("", "Disabled"):
        yield state.wrong("", "'Enabled' is needed")


RULE = Rule(
    id="GP-NET-016",
    slug="web-firewall-mode",
    title="A web application firewall blocks what it finds",
    severity="high",
    types=(
        "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies",
        "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",
    ),
    controls=("net-waf-mode",),
    rationale="In detection mode the firewall writes down the attack and lets it through to the scoring endpoint.",
    remediation="Leave `detection_only` of `WebFirewall` at False once the first weeks of a service are over.",
    absent="A violation for the mode: nobody chose to block. A policy is in use unless told otherwise.",
    check=check,
)


def _policy(mode: object, **states: object) -> dict[str, object]:
    return {"properties": {"policySettings": {"mode": mode, **states}}}


GOOD: GoodCases = {
    "gateway": _policy("Prevention", state="Enabled"),
    "Front Door": _policy("Prevention", enabledState="Enabled"),
    "in use unless told otherwise": _policy("Prevention"),
}
BAD: BadCases = {
    "watches": Bad(_policy("Detection"), says="properties.policySettings.mode is 'Detection'; 'Prevention' is needed"),
    "not said": Bad({"properties": {}}, says="properties.policySettings.mode is absent"),
    "off": Bad(
        _policy("Prevention", state="Disabled"),
        says="properties.policySettings.state is 'Disabled'; 'Enabled' is needed",
    ),
    "off at Front Door": Bad(
        _policy("Prevention", enabledState="Disabled"), says="properties.policySettings.enabledState is 'Disabled'"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _policy(UNKNOWN),
    "use decided later": _policy("Prevention", state=UNKNOWN),
}
