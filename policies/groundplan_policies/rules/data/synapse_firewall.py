# SPDX-License-Identifier: Apache-2.0
"""No firewall rule of a Synapse workspace lets in the whole internet or all of Azure."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

START = "properties.startIpAddress"
END = "properties.endIpAddress"
FIRST = "0.0.0.0"  # noqa: S104  (an address in a rule, nothing is bound to it)
LAST = "255.255.255.255"


def check(rule: Resource) -> Found:
    """From 0.0.0.0 to itself stands for everything that runs in Azure, whoever pays for it."""
    if rule.equals(START, FIRST) and rule.equals(END, FIRST, LAST):
        yield rule.wrong(END, "a range of the company's own addresses is needed")


RULE = Rule(
    id="GP-DAT-021",
    slug="synapse-firewall",
    title="No firewall rule of a Synapse workspace lets in the whole internet or all of Azure",
    severity="high",
    types=("Microsoft.Synapse/workspaces/firewallRules",),
    controls=("synapse-firewall",),
    rationale="The rule is meant for one try and stays. Everybody with a subscription of their own is inside of Azure, too.",
    remediation="Remove the rule; a workspace with private endpoints needs none.",
    absent="Passes: Azure wants both ends of the range to be named.",
    check=check,
)


_ANY = "0.0.0.0"  # noqa: S104


def _rule(start: object, end: object) -> dict[str, object]:
    return {"name": "syn/office", "properties": {"startIpAddress": start, "endIpAddress": end}}


GOOD: GoodCases = {
    "an office": _rule("203.0.113.0", "203.0.113.255"),
    "up to an end": _rule(_ANY, "0.0.0.9"),
    "from a start": _rule("203.0.113.0", "255.255.255.255"),
}
BAD: BadCases = {
    "the internet": Bad(
        _rule(_ANY, "255.255.255.255"),
        says="properties.endIpAddress is '255.255.255.255'; a range of the company's own addresses is needed",
    ),
    "all of Azure": Bad(_rule(_ANY, _ANY), says="properties.endIpAddress is '0.0.0.0'"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _rule(UNKNOWN, "255.255.255.255"),
    "end decided later": _rule(_ANY, UNKNOWN),
}
