# SPDX-License-Identifier: Apache-2.0
"""A Log Analytics workspace takes logs from identities only."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOCAL_AUTH = "properties.features.disableLocalAuth"


def check(workspace: Resource) -> Found:
    """Only an explicit true turns the workspace's keys off."""
    if not workspace.equals(LOCAL_AUTH, True):
        yield workspace.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-MON-006",
    slug="log-workspace-local-auth",
    title="A Log Analytics workspace takes logs from identities only",
    severity="medium",
    types=("Microsoft.OperationalInsights/workspaces",),
    controls=("log-local-auth",),
    rationale=(
        "With one of the workspace's two keys anybody can write into the evidence that an investigation relies on. The keys do "
        "not expire, and the log does not say who used them."
    ),
    remediation="Leave `local_authentication` of `Monitoring` at False; agents of the old kind have to be replaced first.",
    absent="A violation: Azure takes the keys unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"features": {"disableLocalAuth": True}}}}
BAD: BadCases = {
    "on": Bad(
        {"properties": {"features": {"disableLocalAuth": False}}},
        says="properties.features.disableLocalAuth is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.features.disableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"features": {"disableLocalAuth": UNKNOWN}}}}
