# SPDX-License-Identifier: Apache-2.0
"""No deployment deletes what its template does not name."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases


def check(deployment: Resource) -> Found:
    """Whatever the template holds."""
    if deployment.equals("properties.mode", "Complete"):
        yield deployment.wrong("properties.mode", "'Incremental' is needed")


RULE = Rule(
    id="GP-GOV-010",
    slug="complete-mode",
    title="No deployment deletes what its template does not name",
    severity="high",
    types=("Microsoft.Resources/deployments",),
    controls=("gov-complete-mode",),
    rationale=(
        "In complete mode Azure deletes everything in the resource group that the template lacks: workspaces, accounts and vaults that "
        "other programs made there."
    ),
    remediation="Set `mode` of the deployment to `Incremental`.",
    absent="Passes: Azure takes `Incremental`.",
    check=check,
    remedy={"properties.mode": "Incremental"},
)

GOOD: GoodCases = {"incremental": {"properties": {"mode": "Incremental"}}, "not said": {"properties": {}}}
BAD: BadCases = {
    "complete": Bad(
        {"properties": {"mode": "complete"}}, says="properties.mode is 'complete'; 'Incremental' is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"mode": UNKNOWN}}}
