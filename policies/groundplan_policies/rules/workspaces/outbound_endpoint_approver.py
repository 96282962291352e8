# SPDX-License-Identifier: Apache-2.0
"""The identity of a workspace may approve the private endpoints of its managed network.

What Azure gives an identity by itself has changed more than once, so an assignment in the stack is asked for whatever the identity.
"""

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
    View,
)
from groundplan_policies.decisions import all_of, any_among
from groundplan_policies.subjects.workspaces import (
    APPROVED,
    OUTBOUND_RULE,
    WORKSPACE,
    check_rules,
    has_managed_network,
    is_for,
    workspace_of,
)

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
TARGET = "destination.serviceResourceId"
ROLES = (
    "b556d68e-0be0-4f35-a333-ad7ee1ce17ea",  # Azure AI Enterprise Network Connection Approver
    "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
)


def check(resource: Resource, stack: Stack) -> Found:
    """An assignment to the workspace's identity on the target of every rule, or on what the target lies in."""
    workspace = workspace_of(resource, stack)
    if workspace is None or not has_managed_network(workspace):
        return

    def of_rule(rule: View) -> Found:
        if not _approves(workspace, resource, rule, stack):
            yield rule.wrong(TARGET, "the workspace's identity needs a role there that approves private endpoints")

    yield from check_rules(resource, "PrivateEndpoint", of_rule)


def _approves(workspace: Resource, holder: Resource, rule: View, stack: Stack) -> bool:
    return any_among(
        stack.of(ASSIGNMENT),
        lambda given: all_of(
            lambda: _covers(given, holder, rule, stack),
            lambda: given.text("properties.roleDefinitionId").casefold().endswith(ROLES),
            lambda: is_for(given, workspace),
        ),
    )


def _covers(assignment: Resource, holder: Resource, rule: View, stack: Stack) -> bool:
    """Whether an assignment counts for the target of a rule, which the stack may not have."""
    target = rule.view(TARGET).node
    if isinstance(target, str) and isinstance(assignment.scope, str):
        return f"{target.casefold()}/".startswith(f"{assignment.scope.casefold().rstrip('/')}/")
    return any(stack.refers(holder, rule, TARGET, each) and stack.covers(assignment, each) for each in stack.resources)


RULE = Rule(
    id="GP-AML-015",
    slug="outbound-endpoint-approver",
    title="The identity of a workspace may approve the private endpoints of its outbound rules",
    severity="high",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-approver-role",),
    rationale=(
        "Azure makes these endpoints in the name of the workspace's identity. Without the right to approve them they wait for "
        "somebody, and jobs that need the target fail."
    ),
    remediation="Leave `approved_elsewhere` of `PrivateEndpointRule` at False and pass `identity_principal_id` with `identity_id`.",
    absent="A violation for a target that no assignment of the stack covers. Passes without managed network or such rules.",
    unknown="Decided by what the program passes to rule and assignment; undecided where an id comes from outside of the stack.",
    needs_stack=True,
    check=check,
)

_VAULT = {"type": "Microsoft.KeyVault/vaults", "name": "kv"}
_UAI: dict[str, object] = {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "name": "id"}
_AT = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
_APPROVER = "b556d68e-0be0-4f35-a333-ad7ee1ce17ea"


def _workspace(mode: str = "AllowInternetOutbound", identity: object = None, **more: object) -> dict[str, object]:
    isolation = {"isolationMode": mode, **more}
    return {"type": WORKSPACE, "name": "mlw", "identity": identity, "properties": {"managedNetwork": isolation}}


def _rule(target: object, category: str = "UserDefined", **more: object) -> dict[str, object]:
    destination = {"serviceResourceId": target, "subresourceTarget": "vault"}
    properties = {"type": "PrivateEndpoint", "category": category, "destination": destination}
    return {"name": "mlw/rule", "properties": properties, **more}


def _grant(scope: object, principal: object, role: object = _APPROVER) -> dict[str, object]:
    properties = {"principalId": principal, "roleDefinitionId": role}
    return {"type": ASSIGNMENT, "name": "grant", "scope": scope, "properties": properties}


def _new(body: dict[str, object], *more: dict[str, object]) -> list[dict[str, object]]:
    return [_rule(Later("kv"), parent=Later("mlw")), {**_VAULT, "new": True}, {**body, "new": True}, *more]


_SYSTEM = _workspace(identity={"principalId": "P"})
_ASSIGNED = _workspace(identity={"userAssignedIdentities": {"/x": {"principalId": "p"}}})
_INSIDE = _workspace(outboundRules={"r": _rule(_AT)["properties"]}, identity={"principalId": "p"})
_PRIMARY = {
    **_workspace(),
    "properties": {"managedNetwork": {"isolationMode": APPROVED}, "primaryUserAssignedIdentity": Later("id")},
}
_CONTRIBUTOR, _OWNER = "b24988ac-6180-42a0-ab88-20f7382dd24c", "8E3AF657-A8FF-443C-A75C-2FE8C4BCB635"
GOOD: GoodCases = {
    "the system's identity": [_rule(_AT), _SYSTEM, _grant(_AT, "p", f"/roleDefinitions/{_APPROVER}")],
    "on the resource group": [_rule(_AT), _ASSIGNED, _grant("/subscriptions/1/ResourceGroups/RG/", "p")],
    "in the workspace": [_INSIDE, _grant(_AT, "p")],
    "on a vault of the stack": [_rule(Id("kv")), _workspace(), _VAULT, _grant(Id("kv"), Later("mlw"), _CONTRIBUTOR)],
    "an assignment that is new": [_rule(Id("kv")), _workspace(), _VAULT, _grant(Later("kv"), Later("mlw"))],
    "a rule that is new": [_rule(Later("kv")), _workspace(), _VAULT, _grant(Id("kv"), Later("mlw"))],
    "all are new": _new(_workspace(), _grant(Later("kv"), Later("mlw"), _OWNER)),
    "an identity of its own": _new(
        _workspace(identity={"userAssignedIdentities": Later("id")}), _UAI, _grant(Later("kv"), Later("id"))
    ),
    "the primary one": [_rule(Id("kv")), _PRIMARY, _VAULT, _UAI, _grant(Id("kv"), Later("id"))],
    "no managed network": [_rule(_AT), _workspace("Disabled")],
    "Azure's own rule": [_rule(_AT, "Required"), _workspace()],
    "the workspace is elsewhere": _rule(_AT),
}
_NEEDED = "the workspace's identity needs a role there that approves private endpoints"
_SAYS = f"properties.destination.serviceResourceId is '{_AT}'; {_NEEDED}"
_LATER = f"properties.destination.serviceResourceId is [unknown]; {_NEEDED}"
BAD: BadCases = {
    "none": Bad([_rule(_AT), _SYSTEM], says=_SAYS),
    "for somebody else": Bad([_rule(_AT), _SYSTEM, _grant(_AT, "q", UNKNOWN)], says=_SAYS),
    "on something else": Bad([_rule(_AT), _SYSTEM, _grant("/subscriptions/1/resourceGroups/r", "p")], says=_SAYS),
    "another role": Bad([_rule(_AT), _SYSTEM, _grant(_AT, "p", "reader")], says=_SAYS),
    "none in the workspace": Bad(_INSIDE, says=f"outboundRules.r.destination.serviceResourceId is '{_AT}'; {_NEEDED}"),
    "all are new, and none": Bad(_new(_workspace()), says=_LATER),
    "all are new, on something else": Bad(_new(_workspace(), _UAI, _grant(Later("id"), Later("mlw"))), says=_LATER),
}
UNKNOWN_CASES: UnknownCases = {
    "the identity is from elsewhere": [_rule(_AT), _workspace(), _grant(_AT, "p")],
    "the role is decided later": _new(_workspace(), _grant(Later("kv"), Later("mlw"), UNKNOWN)),
    "the principal is decided later": [_rule(_AT), _SYSTEM, _grant(_AT, UNKNOWN)],
    "the rule is made later": [{"name": "mlw/rule", "properties": UNKNOWN}, _SYSTEM],
}
