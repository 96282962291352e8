# SPDX-License-Identifier: Apache-2.0
"""Grafana takes no keys of its own."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

KEYS = "properties.apiKey"


def check(grafana: Resource) -> Found:
    """Keys and tokens of service accounts are one switch."""
    if grafana.equals(KEYS, "Enabled"):
        yield grafana.wrong(KEYS, "'Disabled' is needed")


RULE = Rule(
    id="GP-MON-015",
    slug="grafana-api-keys",
    title="Grafana takes no keys of its own",
    severity="medium",
    types=("Microsoft.Dashboard/grafana",),
    controls=("grafana-api-keys",),
    rationale="A key of Grafana works without Microsoft Entra ID: no conditional access, no second factor, and often no end.",
    remediation="Leave `api_keys` of `ManagedGrafana` at False; automation can ask for a token of Microsoft Entra ID.",
    absent="Passes: Azure makes a Grafana without keys unless asked to.",
    check=check,
)

GOOD: GoodCases = {
    "not said": {"properties": {}},
    "off": {"properties": {"apiKey": "Disabled"}},
}
BAD: BadCases = {
    "on": Bad({"properties": {"apiKey": "Enabled"}}, says="properties.apiKey is 'Enabled'; 'Disabled' is needed")
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"apiKey": UNKNOWN}}}
