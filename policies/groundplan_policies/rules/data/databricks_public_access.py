# SPDX-License-Identifier: Apache-2.0
"""A Databricks workspace is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"


def check(workspace: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not workspace.equals(PUBLIC, "Disabled"):
        yield workspace.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-009",
    slug="databricks-public-access",
    title="A Databricks workspace is closed to the internet",
    severity="medium",
    types=("Microsoft.Databricks/workspaces",),
    controls=("dbx-public-access",),
    rationale=(
        "Notebooks run code beside the data. With a stolen personal token that works from anywhere, unless the workspace is reached "
        "over private endpoints only."
    ),
    remediation="Leave `public_network_access` of `DatabricksWorkspace` at False and give it a `private_endpoint`.",
    absent="A violation: Azure opens what does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
