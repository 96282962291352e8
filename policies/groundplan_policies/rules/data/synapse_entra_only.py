# SPDX-License-Identifier: Apache-2.0
"""A Synapse workspace knows no SQL passwords."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ENTRA_ONLY = "properties.azureADOnlyAuthentication"


def check(workspace: Resource) -> Found:
    """Only an explicit true turns the passwords off."""
    if not workspace.equals(ENTRA_ONLY, True):
        yield workspace.wrong(ENTRA_ONLY, "true is needed")


RULE = Rule(
    id="GP-DAT-019",
    slug="synapse-entra-only",
    title="A Synapse workspace knows no SQL passwords",
    severity="medium",
    types=("Microsoft.Synapse/workspaces",),
    controls=("synapse-entra-only",),
    rationale="The SQL administrator's password is shared, never expires and passes by conditional access and the second factor.",
    remediation="Set `azureADOnlyAuthentication` to true; `SynapseWorkspace` always does.",
    absent="A violation: Azure takes passwords unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"azureADOnlyAuthentication": True}}}
BAD: BadCases = {
    "on": Bad(
        {"properties": {"azureADOnlyAuthentication": False}},
        says="properties.azureADOnlyAuthentication is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.azureADOnlyAuthentication is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"azureADOnlyAuthentication": UNKNOWN}}}
