# SPDX-License-Identifier: Apache-2.0
"""Grafana is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ACCESS = "properties.publicNetworkAccess"


def check(grafana: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not grafana.equals(ACCESS, "Disabled"):
        yield grafana.wrong(ACCESS, "'Disabled' is needed")


RULE = Rule(
    id="GP-MON-014",
    slug="grafana-public-access",
    title="Grafana is closed to the internet",
    severity="medium",
    types=("Microsoft.Dashboard/grafana",),
    controls=("grafana-public-access",),
    rationale=(
        "Grafana asks its sources with its own identity, which may often read a whole subscription. A hole in its pages, or a "
        "viewer's stolen session, shows all of that to the internet."
    ),
    remediation="Leave `public_network_access` of `ManagedGrafana` at False and give it a `private_endpoint`.",
    absent="A violation: Azure opens a Grafana that does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {"closed": {"properties": {"publicNetworkAccess": "Disabled"}}}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
