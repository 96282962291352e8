# SPDX-License-Identifier: Apache-2.0
"""A role of one's own."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Final

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import authorization

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.roles import ROLES

_ACTION: Final = re.compile(r"(\*|[A-Za-z0-9]+(\.[A-Za-z0-9*]+)+)(/[A-Za-z0-9._*-]+)+")
_ESCALATES: Final = ("microsoft.authorization/roleassignments/write", "microsoft.authorization/roledefinitions/write")
_NAMESPACE: Final = uuid.UUID("3b1c2b8e-6d5f-5a58-8b47-7d1d3b0e5c21")


@dataclass(frozen=True, kw_only=True)
class CustomRoleArgs:
    """Arguments of `CustomRole`."""

    scope: Input[str]
    """Required. ARM id of the resource group or subscription that the role belongs to."""
    role_name: str
    """Required. Name, unique in the tenant; 1 to 512 characters."""
    description: str
    """Required. Who needs the role, and for what; shown where roles are chosen."""
    actions: tuple[str, ...] = ()
    """Conditional. Operations on resources, e.g. `Microsoft.MachineLearningServices/workspaces/read`. Required unless
    there are `data_actions`."""
    data_actions: tuple[str, ...] = ()
    """Conditional. Operations on what resources hold. Required unless there are `actions`."""
    not_actions: tuple[str, ...] = ()
    """Optional. What is taken away from `actions`; another role may still give it. Default: nothing."""
    not_data_actions: tuple[str, ...] = ()
    """Optional. What is taken away from `data_actions`. Default: nothing."""
    assignable_scopes: tuple[Input[str], ...] = ()
    """Optional. ARM ids where the role can be given to somebody. Default: `scope`."""
    wildcards: bool = False
    """Optional. Take `*` in `actions` and `data_actions`: operations that Azure adds later are then included. Default:
    refused."""
    grants_access: bool = False
    """Optional. Take actions that write role assignments or definitions: who holds the role can become owner. Default:
    refused."""

    def __post_init__(self) -> None:
        # Source: learn.microsoft.com/azure/role-based-access-control/custom-roles
        if not 1 <= len(self.role_name) <= 512:
            raise ArgumentError(f"custom role: role_name is {self.role_name!r}; allowed are 1 to 512 characters")
        if self.role_name in ROLES:
            raise ArgumentError(f"custom role: {self.role_name!r} is a built-in role; choose another role_name")
        given = (*self.actions, *self.data_actions)
        if not given:
            raise ArgumentError(f"custom role {self.role_name!r}: it allows nothing; give actions or data_actions")
        for action in (*given, *self.not_actions, *self.not_data_actions):
            if action != "*" and not _ACTION.fullmatch(action):
                raise ArgumentError(
                    f"custom role {self.role_name!r}: {action!r} is no action; "
                    "give <namespace>/<type>/<operation>, e.g. Microsoft.Storage/storageAccounts/read"
                )
        if not self.wildcards and (wide := [action for action in given if "*" in action]):
            raise ArgumentError(
                f"custom role {self.role_name!r}: {wide[0]!r} allows what nobody has listed; "
                "name the actions, or set wildcards=True"
            )
        if not self.grants_access and (up := [action for action in self.actions if _escalates(action)]):
            raise ArgumentError(
                f"custom role {self.role_name!r}: {up[0]!r} lets its holders give themselves any role; "
                "leave it out, or set grants_access=True"
            )


class CustomRole(Component):
    """A role that lists what it allows; wildcards and the right to give roles are asked for by name.

    `role` is its GUID as a plain string, which `RoleGrant` and `RoleOn` take; what grants it should depend on it.

    Example:
        CustomRole("endpoint-caller", CustomRoleArgs(
            scope=group.id, role_name="Scoring client", description="Calls online endpoints",
            actions=("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",)))
    """

    id: Output[str]
    """ARM id of the role definition."""
    guid: Output[str]
    """GUID: the last part of the id."""

    def __init__(self, name: str, args: CustomRoleArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.role = custom_role_guid(args.role_name)
        role = authorization.RoleDefinition(
            name,
            scope=args.scope,
            role_definition_id=self.role,
            role_name=args.role_name,
            role_type="CustomRole",
            description=args.description,
            permissions=[
                authorization.PermissionArgs(
                    actions=[*args.actions],
                    not_actions=[*args.not_actions],
                    data_actions=[*args.data_actions],
                    not_data_actions=[*args.not_data_actions],
                )
            ],
            assignable_scopes=[*(args.assignable_scopes or (args.scope,))],
            opts=self.child(),
        )
        self.id = role.id
        self.guid = Output.from_input(self.role)
        self.seal()


def custom_role_guid(role_name: str) -> str:
    """GUID of a custom role, which follows from its name: both are unique in a tenant."""
    return str(uuid.uuid5(_NAMESPACE, role_name))


def _escalates(action: str) -> bool:
    pattern = re.escape(action.lower()).replace(r"\*", ".*")
    return any(re.fullmatch(pattern, each) for each in _ESCALATES)
