# SPDX-License-Identifier: Apache-2.0
"""Application Insights keeps its telemetry in a Log Analytics workspace."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Later, Resource, Rule, UnknownCases

WORKSPACE = "properties.WorkspaceResourceId"


def check(insights: Resource) -> Found:
    """The id of a workspace that is still to be made will do."""
    if not insights.sources_of(WORKSPACE) and not insights.has(WORKSPACE):
        yield insights.wrong(WORKSPACE, "the id of a Log Analytics workspace is needed")


RULE = Rule(
    id="GP-MON-001",
    slug="insights-workspace",
    title="Application Insights keeps its telemetry in a Log Analytics workspace",
    severity="medium",
    types=("Microsoft.Insights/components",),
    controls=("appi-workspace-based",),
    rationale=(
        "Telemetry outside of a workspace has its own retention, its own permissions and no customer key, and no query joins it "
        "with the platform's logs. Azure has retired that form."
    ),
    remediation="Pass the id of the workspace as `workspace_resource_id`; `Monitoring` always does.",
    absent="A violation: the component keeps its data for itself.",
    unknown="Passes where the id comes out of another resource; else undecided until the update knows it.",
    check=check,
)

GOOD: GoodCases = {
    "id": {"properties": {"WorkspaceResourceId": "/subscriptions/s/resourceGroups/g/providers/p/workspaces/log"}},
    "workspace made in the same update": [
        {"properties": {"WorkspaceResourceId": Later("log")}},
        {"type": "Microsoft.OperationalInsights/workspaces", "name": "log", "new": True},
    ],
}
BAD: BadCases = {
    "none": Bad(
        {"properties": {}},
        says="properties.WorkspaceResourceId is absent; the id of a Log Analytics workspace is needed",
    ),
    "empty": Bad({"properties": {"WorkspaceResourceId": ""}}, says="properties.WorkspaceResourceId is ''"),
}
UNKNOWN_CASES: UnknownCases = {"nobody knows from where": {"properties": {"WorkspaceResourceId": UNKNOWN}}}
