# SPDX-License-Identifier: Apache-2.0
"""A workspace has a managed identity."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import WORKSPACE


def check(workspace: Resource) -> Found:
    """Any kind of identity will do."""
    if not workspace.has("identity.type") or workspace.equals("identity.type", "None"):
        yield workspace.wrong("identity.type", "'SystemAssigned' or 'UserAssigned' is needed")


RULE = Rule(
    id="GP-AML-022",
    slug="workspace-identity",
    title="A workspace has a managed identity",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-identity",),
    rationale="With an identity a workspace reaches storage, vault and images by roles; without one somebody has to hand it keys.",
    remediation="Leave `identity_id` of `Workspace` out for an identity of the system's, or pass one.",
    absent="A violation: the workspace has no identity.",
    check=check,
)

GOOD: GoodCases = {
    "the system's": {"identity": {"type": "SystemAssigned"}},
    "one of the platform's": {"identity": {"type": "UserAssigned"}},
}
_NEEDED = "'SystemAssigned' or 'UserAssigned' is needed"
BAD: BadCases = {
    "none": Bad({"identity": {"type": "none"}}, says=f"identity.type is 'none'; {_NEEDED}"),
    "not said": Bad({"properties": {}}, says=f"identity.type is absent; {_NEEDED}"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"identity": {"type": UNKNOWN}}}
