# SPDX-License-Identifier: Apache-2.0
"""An Azure Monitor workspace answers no queries from the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ACCESS = "properties.publicNetworkAccess"


def check(workspace: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not workspace.equals(ACCESS, "Disabled", "SecuredByPerimeter"):
        yield workspace.wrong(ACCESS, "'Disabled' is needed")


RULE = Rule(
    id="GP-MON-013",
    slug="metrics-workspace-public-access",
    title="An Azure Monitor workspace answers no queries from the internet",
    severity="medium",
    types=("Microsoft.Monitor/accounts",),
    controls=("amw-public-access",),
    rationale="Metrics of a cluster name its pods, models and customers. With a stolen token they can be asked for from anywhere.",
    remediation="Leave `public_network_access` of `AzureMonitorWorkspace` at False and give it a `private_endpoint`.",
    absent="A violation: Azure opens a workspace that does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
    "in a perimeter": {"properties": {"publicNetworkAccess": "SecuredByPerimeter"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
