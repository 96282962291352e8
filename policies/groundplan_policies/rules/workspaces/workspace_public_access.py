# SPDX-License-Identifier: Apache-2.0
"""A workspace is not reachable from the public internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases


def check(workspace: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not workspace.equals("properties.publicNetworkAccess", "Disabled"):
        yield workspace.wrong("properties.publicNetworkAccess", "'Disabled' is needed")


RULE = Rule(
    id="GP-AML-001",
    slug="workspace-public-access",
    title="A workspace is not reachable from the public internet",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces",),
    controls=("aml-ws-public-access",),
    rationale=(
        "Whoever holds a stolen token can use a workspace from anywhere: its studio, its jobs, its keys. Behind private endpoints "
        "the token alone is not enough."
    ),
    remediation="Give the workspace a private endpoint and leave `public_network_access` of `Workspace` at False.",
    absent="A violation: Azure opens a workspace that does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in another letter case": {"properties": {"publicNetworkAccess": "disabled"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
