# SPDX-License-Identifier: Apache-2.0
"""Workspaces and the outbound rules of their managed networks, as several rules look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from groundplan_policies.resource import Resource, View, Violation
from groundplan_policies.stack import Stack
from groundplan_policies.values import Undecided

WORKSPACE: Final = "Microsoft.MachineLearningServices/workspaces"
OUTBOUND_RULE: Final = "Microsoft.MachineLearningServices/workspaces/outboundRules"
COMPUTE: Final = "Microsoft.MachineLearningServices/workspaces/computes"
CONNECTION: Final = "Microsoft.MachineLearningServices/workspaces/connections"
DATASTORE: Final = "Microsoft.MachineLearningServices/workspaces/datastores"
ISOLATION: Final = "properties.managedNetwork.isolationMode"
APPROVED: Final = "AllowOnlyApprovedOutbound"
KEYS: Final = ("AccessKey", "AccountKey", "ApiKey", "CustomKeys", "PAT", "SAS", "UsernamePassword")
"""Ways of a connection to log in that are a secret and nothing else: whoever has it is let in."""
_IDENTITY: Final = ("identity", "properties.primaryUserAssignedIdentity")
_PRINCIPAL: Final = "properties.principalId"
_RULES: Final = "properties.managedNetwork.outboundRules"


def is_project(workspace: Resource) -> bool:
    """Whether a workspace is a project: storage, vault, key and network are those of its hub."""
    return workspace.equals("kind", "Project")


def has_managed_network(workspace: Resource) -> bool:
    """Whether Azure manages a network around the compute of a workspace."""
    return workspace.equals(ISOLATION, "AllowInternetOutbound", APPROVED)


def outbound_rules(resource: Resource) -> Iterator[View]:
    """The outbound rules in a resource: the one that it is, or those in a workspace's body."""
    if resource.is_a(OUTBOUND_RULE):
        yield resource.view("properties")
    else:
        yield from (rule for _, rule in resource.entries(_RULES))


def is_own(rule: View, kind: str) -> bool:
    """Whether people made an outbound rule of a type (`FQDN`, `PrivateEndpoint`, `ServiceTag`); Azure makes some by itself."""
    return rule.equals("type", kind) and (rule.get("category") is None or rule.equals("category", "UserDefined"))


def check_rules(resource: Resource, kind: str, check: Callable[[View], Iterator[Violation]]) -> Iterator[Violation]:
    """What a check finds of the outbound rules of a type that people made; what can not be decided is raised after all others."""
    undecided: Undecided | None = None
    for rule in outbound_rules(resource):
        try:
            if is_own(rule, kind):
                yield from check(rule)
        except Undecided as error:
            undecided = error
    if undecided is not None:
        raise undecided


def rules_of(workspace: Resource, stack: Stack) -> Iterator[tuple[Resource, View]]:
    """Every outbound rule of a workspace with the resource that it stands in: in its body, or by itself in the stack."""
    for holder in (workspace, *stack.children(workspace, OUTBOUND_RULE)):
        for rule in outbound_rules(holder):
            yield holder, rule


def workspace_of(resource: Resource, stack: Stack) -> Resource | None:
    """The workspace itself, or the one that a child is part of; None where the stack does not have it."""
    return resource if resource.is_a(WORKSPACE) else stack.parent(resource)


def is_for(assignment: Resource, workspace: Resource) -> bool:
    """Whether a role assignment is for the identity of a workspace: by its object id, or because both came out of one resource.

    Raises `Undecided` where the workspace does not show the object id of any identity.
    """
    sources = {workspace.key, *(key for path in _IDENTITY for key in workspace.sources_of(path))}
    if sources & set(assignment.sources_of(_PRINCIPAL)):
        return True
    assigned = [view for _, view in workspace.entries("identity.userAssignedIdentities")]
    known = [each for each in (workspace.view("identity"), *assigned) if each.given("principalId")]
    if not known:
        raise Undecided("identity.principalId", "unknown")
    return any(each.equals("principalId", assignment.get(_PRINCIPAL)) for each in known)
