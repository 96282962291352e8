# SPDX-License-Identifier: Apache-2.0
"""Role assignments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from groundplan_emulator.arm import managed_identity
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.authorization import role_definitions, scoped


class RoleAssignments(ArmType):
    """Microsoft.Authorization/roleAssignments: one principal, one role, one scope, once.

    A principal that a resource's identity made less than `principal_propagation` seconds ago is refused with PrincipalNotFound
    unless the request says principalType ServicePrincipal.

    Differs from Azure:
    - a principal that is no managed identity of the emulator is taken as known: there is no directory of users and groups
    - assignments grant nothing: every caller may do everything; conditions are kept, not evaluated
    - `assignedTo()` in a filter does not look into groups
    """

    type: ClassVar[str] = role_definitions.ASSIGNMENT

    def check(self, write: Write) -> None:
        """Name, role, principal and the one assignment that there may be of them."""
        properties, name = write.properties, write.id.name
        if not scoped.is_guid(name):
            raise bad_request(
                "InvalidRoleAssignmentId",
                f"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.",
                target="name",
            )
        role = str(properties.get("roleDefinitionId", ""))
        if not role_definitions.exists(write.ctx, role):
            raise ArmError(
                404,
                "RoleDefinitionDoesNotExist",
                f"The specified role definition with ID '{role.rsplit('/', 1)[-1]}' does not exist.",
                target="properties.roleDefinitionId",
            )
        principal = str(properties.get("principalId", ""))
        if not scoped.is_guid(principal):
            raise bad_request(
                "InvalidPrincipalId",
                f"A valid principal ID must be provided; '{principal}' is no GUID.",
                target="properties.principalId",
            )
        properties["roleDefinitionId"] = role_definitions.canonical(write.ctx, role)
        if write.old is not None:
            self._refuse_change(write)
            return
        self._refuse_unknown(write, principal)
        self._refuse_duplicate(write, principal)

    def _refuse_change(self, write: Write) -> None:
        for name in ("principalId", "roleDefinitionId"):
            if str(write.properties.get(name)).lower() != str(write.old_properties.get(name)).lower():
                raise bad_request(
                    "RoleAssignmentUpdateNotPermitted",
                    "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
                    target=f"properties.{name}",
                )

    def _refuse_unknown(self, write: Write, principal: str) -> None:
        ctx, delay = write.ctx, write.ctx.store.meta(managed_identity.PROPAGATION) or 0
        kind = write.properties.get("principalType")
        found = managed_identity.holder(ctx, principal) if delay or kind is None else None
        if kind is None:
            write.properties["principalType"] = "User" if found is None else "ServicePrincipal"
        if (
            found is None
            or kind == "ServicePrincipal"
            or ctx.clock.now() >= found.private.get(managed_identity.BORN, 0) + delay
        ):
            return
        raise bad_request(
            "PrincipalNotFound",
            f"Principal {principal.replace('-', '')} does not exist in the directory {ctx.settings.identity.tenant_id}. Check that you have"
            " the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be"
            " related to a replication delay. In this case, set the role assignment principalType property to a value, such as"
            " ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype",
            target="properties.principalId",
        )

    def _refuse_duplicate(self, write: Write, principal: str) -> None:
        for other in write.ctx.store.of_type(self.type):
            said = other.properties
            if (
                scoped.scope_of(other.key) == scoped.scope_of(write.id.key)
                and said["principalId"].lower() == principal.lower()
                and said["roleDefinitionId"].lower() == write.properties["roleDefinitionId"].lower()
            ):
                raise conflict(
                    "RoleAssignmentExists",
                    f"The role assignment already exists. The ID of the existing role assignment is {other.name.replace('-', '')}.",
                )

    def fill(self, write: Write) -> None:
        """Scope, who and when."""
        properties, before = write.properties, write.old_properties
        who, now = write.ctx.settings.identity.principal_id, write.ctx.clock.stamp()
        write.keep("principalType")
        if properties.get("condition") and not properties.get("conditionVersion"):
            properties["conditionVersion"] = "2.0"
        properties |= {
            "scope": write.id.scope or "/",
            "createdOn": before.get("createdOn", now),
            "createdBy": before.get("createdBy", who),
            "updatedOn": now,
            "updatedBy": who,
        }

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Assignments at, above and below a scope; `$filter` takes atScope(), principalId eq and assignedTo()."""
        who = scoped.filtered(ctx, "principalId") or scoped.filtered(ctx, "assignedTo")
        for assignment in scoped.around(ctx, self.type, below=not scoped.at_scope_only(ctx)):
            if who in (None, assignment.properties["principalId"].lower()):
                yield assignment
