# SPDX-License-Identifier: Apache-2.0
"""A workspace has a private endpoint; a project is reached through that of its hub."""

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
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of
from groundplan_policies.subjects.workspaces import WORKSPACE, is_project

STATUS = "properties.privateLinkServiceConnectionState.status"


def check(workspace: Resource, stack: Stack) -> Found:
    """An approved connection that Azure shows will do, and so will any endpoint with the group `amlworkspace` that names it."""
    if is_project(workspace):
        return
    if any(each.equals(STATUS, "Approved") for each in workspace.items("properties.privateEndpointConnections")):
        return
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
    absent="A violation: no endpoint in the stack names the workspace, and Azure shows no approved one. Projects are not looked at.",
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object, group: str = "amlworkspace") -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}}


def _shown(status: str) -> dict[str, object]:
    state = {"properties": {"privateLinkServiceConnectionState": {"status": status}}}
    return {"kind": "Default", "properties": {"privateEndpointConnections": [state]}}


GOOD: GoodCases = {
    "endpoint of an existing workspace": [{"name": "mlw"}, _endpoint(Id("mlw"))],
    "both are new": [{"name": "mlw", "new": True}, _endpoint(Later("mlw"))],
    "Azure shows an approved one": _shown("Approved"),
    "a project goes through its hub": {"kind": "project"},
}
_SAYS = "no private endpoint of the stack leads to it; one with the group 'amlworkspace' is needed"
BAD: BadCases = {
    "none at all": Bad({"name": "mlw"}, says=_SAYS),
    "one of another workspace": Bad(
        [{"name": "mlw"}, {"name": "other", "type": WORKSPACE}, _endpoint(Later("other"))], says=_SAYS
    ),
    "one of another group": Bad([{"name": "mlw"}, _endpoint(Id("mlw"), "other")], says=_SAYS),
    "Azure shows one that waits": Bad(_shown("Pending"), says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        {"name": "mlw"},
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ]
}
