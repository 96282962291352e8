# SPDX-License-Identifier: Apache-2.0
"""Application Insights is closed to the internet, for telemetry and for queries."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

PATHS = ("properties.publicNetworkAccessForIngestion", "properties.publicNetworkAccessForQuery")


def check(insights: Resource) -> Found:
    """Both ways in, each by itself."""
    yield from each_of([insights.view(path) for path in PATHS], _open)


def _open(access: View) -> Found:
    if not access.equals("", "Disabled", "SecuredByPerimeter"):
        yield access.wrong("", "'Disabled' is needed")


RULE = Rule(
    id="GP-MON-003",
    slug="insights-public-access",
    title="Application Insights is closed to the internet, for telemetry and for queries",
    severity="medium",
    types=("Microsoft.Insights/components",),
    controls=("appi-public-access",),
    rationale=(
        "Traces carry inputs, results and names of hosts. Behind an Azure Monitor private link scope a stolen token alone reads "
        "nothing, and nobody outside can send false ones."
    ),
    remediation="Leave `public_ingestion` and `public_query` of `Monitoring` at False and add a `MonitorPrivateLinkScope`.",
    absent="A violation: Azure opens a component that does not say otherwise.",
    check=check,
)


def _component(ingestion: object, query: object) -> dict[str, object]:
    return {
        "properties": {"publicNetworkAccessForIngestion": ingestion, "publicNetworkAccessForQuery": query},
    }


GOOD: GoodCases = {
    "closed": _component("Disabled", "Disabled"),
    "in a perimeter": _component("SecuredByPerimeter", "SecuredByPerimeter"),
}
BAD: BadCases = {
    "open for telemetry": Bad(
        _component("Enabled", "Disabled"),
        says="properties.publicNetworkAccessForIngestion is 'Enabled'; 'Disabled' is needed",
    ),
    "open for queries": Bad(
        _component("Disabled", "Enabled"),
        says="properties.publicNetworkAccessForQuery is 'Enabled'; 'Disabled' is needed",
    ),
    "nothing said": Bad({"properties": {}}, says="properties.publicNetworkAccessForIngestion is absent"),
    "one is open, the other decided later": Bad(
        _component(UNKNOWN, "Enabled"), says="properties.publicNetworkAccessForQuery is 'Enabled'"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _component("Disabled", UNKNOWN)}
