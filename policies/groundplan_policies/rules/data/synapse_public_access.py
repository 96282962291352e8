# SPDX-License-Identifier: Apache-2.0
"""A Synapse workspace is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"


def check(workspace: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not workspace.equals(PUBLIC, "Disabled"):
        yield workspace.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-018",
    slug="synapse-public-access",
    title="A Synapse workspace is closed to the internet",
    severity="medium",
    types=("Microsoft.Synapse/workspaces",),
    controls=("synapse-public-access",),
    rationale=(
        "One name leads to SQL over the whole lake. Open, the firewall rules of the workspace are all that stands before it."
    ),
    remediation="Leave `public_network_access` of `SynapseWorkspace` at False and give it a `private_endpoint`.",
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
