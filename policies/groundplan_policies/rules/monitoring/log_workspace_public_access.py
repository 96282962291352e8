# SPDX-License-Identifier: Apache-2.0
"""A Log Analytics workspace is closed to the internet, for logs and for queries."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

PATHS = ("properties.publicNetworkAccessForIngestion", "properties.publicNetworkAccessForQuery")


def check(workspace: Resource) -> Found:
    """Both ways in, each by itself. Diagnostic settings pass through neither, they keep working."""
    yield from each_of([workspace.view(path) for path in PATHS], _open)


def _open(access: View) -> Found:
    if not access.equals("", "Disabled", "SecuredByPerimeter"):
        yield access.wrong("", "'Disabled' is needed")


RULE = Rule(
    id="GP-MON-005",
    slug="log-workspace-public-access",
    title="A Log Analytics workspace is closed to the internet, for logs and for queries",
    severity="medium",
    types=("Microsoft.OperationalInsights/workspaces",),
    controls=("log-public-access",),
    rationale=(
        "The platform's whole history lies in one workspace: who did what, from where, and what failed. Open, it is read with a "
        "stolen token from anywhere, and agents anywhere can write to it."
    ),
    remediation="Leave `public_ingestion` and `public_query` of `Monitoring` at False and add a `MonitorPrivateLinkScope`.",
    absent="A violation: Azure opens a workspace that does not say otherwise.",
    check=check,
)


def _workspace(ingestion: object, query: object) -> dict[str, object]:
    return {
        "properties": {"publicNetworkAccessForIngestion": ingestion, "publicNetworkAccessForQuery": query},
    }


GOOD: GoodCases = {
    "closed": _workspace("Disabled", "Disabled"),
    "in a perimeter": _workspace("SecuredByPerimeter", "SecuredByPerimeter"),
}
BAD: BadCases = {
    "open for logs": Bad(
        _workspace("Enabled", "Disabled"),
        says="properties.publicNetworkAccessForIngestion is 'Enabled'; 'Disabled' is needed",
    ),
    "open for queries": Bad(
        _workspace("Disabled", "Enabled"),
        says="properties.publicNetworkAccessForQuery is 'Enabled'; 'Disabled' is needed",
    ),
    "nothing said": Bad({"properties": {}}, says="properties.publicNetworkAccessForQuery is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _workspace(UNKNOWN, "Disabled")}
