# SPDX-License-Identifier: Apache-2.0
"""A workspace that is closed to the internet has a private endpoint."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.private_endpoints import ENDPOINT, endpoints_of

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


def check(workspace: Resource, stack: Stack) -> Found:
    """Any endpoint with the group `amlworkspace` that names the workspace will do."""
    if not any(endpoints_of(workspace, stack, "amlworkspace")):
        yield Violation("", "no private endpoint of the stack leads to it; one with the group 'amlworkspace' is needed")


RULE = Rule(
    id="GP-AML-003",
    slug="workspace-private-endpoint",
    title="A workspace has a private endpoint",
    severity="high",
    types=(WORKSPACE,),
    controls=("aml-ws-private-link",),
    rationale="A closed workspace without an endpoint can not be reached at all, an open one is reached over the internet.",
    remediation="Pass `private_endpoint` to `Workspace`.",
    absent="A violation: no endpoint in the stack names the workspace.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": ["amlworkspace"]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


GOOD: GoodCases = {
    "endpoint of an existing workspace": [{"name": "mlw"}, _endpoint(Id("mlw"))],
    "both are new": [{"name": "mlw", "new": True}, _endpoint(Later("mlw"))],
}
BAD: BadCases = {
    "none at all": Bad({"name": "mlw"}, says="no private endpoint"),
    "one of another workspace": Bad(
        [{"name": "mlw"}, {"name": "other"} | {"type": WORKSPACE}, _endpoint(Later("other"))],
        says="no private endpoint",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        {"name": "mlw"},
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ]
}
