# SPDX-License-Identifier: Apache-2.0
"""Role definitions: the built-in ones of a data file, and custom ones."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.authorization import scoped

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"


@cache
def built_in() -> dict[str, dict[str, Any]]:
    """Built-in roles by id; source and date are in the file."""
    content = json.loads(files("groundplan_emulator.types.authorization").joinpath("built_in_roles.json").read_text())
    return {role["id"]: role for role in content["roles"]}


class RoleDefinitions(ArmType):
    """Microsoft.Authorization/roleDefinitions: 107 built-in roles at every scope, custom ones where they were made.

    Differs from Azure:
    - only the general built-in roles (Owner, Contributor, Reader, User Access Administrator) show their permissions
    - roles grant nothing: every caller may do everything
    """

    type: ClassVar[str] = "Microsoft.Authorization/roleDefinitions"
    updated_status: ClassVar[int] = 201

    def check(self, write: Write) -> None:
        """Ids are GUIDs, built-in roles are fixed, custom names are used once."""
        name, wanted = write.id.name, str(write.properties.get("roleName", ""))
        if not scoped.is_guid(name):
            raise bad_request(
                "RoleDefinitionIdNotGuid",
                f"The role definition ID '{name}' is not valid. It must be a GUID.",
                target="name",
            )
        if name.lower() in built_in():
            raise bad_request(
                "RoleDefinitionUpdateNotPermitted", f"The role definition '{name}' is built in and cannot be changed."
            )
        if not wanted:
            raise bad_request(
                "RoleDefinitionNameNullOrEmpty",
                "The role definition name is not specified.",
                target="properties.roleName",
            )
        names = {role["name"].lower() for role in built_in().values()}
        names |= {
            str(role.properties["roleName"]).lower()
            for role in write.ctx.store.of_type(self.type)
            if role.key != write.id.key
        }
        if wanted.lower() in names:
            raise conflict(
                "RoleDefinitionWithSameNameExists",
                f"A custom role with the same name already exists in this directory. Use a different name than '{wanted}'.",
                target="properties.roleName",
            )

    def fill(self, write: Write) -> None:
        """A custom role with the four kinds of permissions."""
        properties, who, now = write.properties, write.ctx.settings.identity.principal_id, write.ctx.clock.stamp()
        properties["type"] = "CustomRole"
        properties.setdefault("assignableScopes", [write.id.scope or "/"])
        properties["permissions"] = [
            {"actions": [], "notActions": [], "dataActions": [], "notDataActions": [], **given}
            for given in properties.get("permissions") or []
        ]
        properties |= {
            "createdOn": write.old_properties.get("createdOn", now),
            "createdBy": write.old_properties.get("createdBy", who),
            "updatedOn": now,
            "updatedBy": who,
        }

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """A built-in role, at any scope; a custom one asked for at another scope than its own."""
        if id_.name.lower() in built_in():
            return _built_in(ctx, self.type, built_in()[id_.name.lower()])
        return next(iter(ctx.store.of_type(self.type, name=id_.name)), None)

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Built-in roles and the custom ones that can be assigned at the scope; `$filter` takes roleName and type."""
        name, kind, scope = scoped.filtered(ctx, "roleName"), scoped.filtered(ctx, "type"), scoped.asked_scope(ctx)
        roles = [_built_in(ctx, self.type, role) for role in built_in().values()]
        roles += [
            role
            for role in ctx.store.of_type(self.type)
            if any(scoped.covers(given, scope) for given in role.properties["assignableScopes"])
        ]
        for role in roles:
            said = role.properties
            if name in (None, said["roleName"].lower()) and kind in (None, said["type"].lower()):
                yield role

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """A role that someone has stays."""
        for assignment in ctx.store.of_type(ASSIGNMENT):
            if assignment.properties["roleDefinitionId"].lower().endswith(f"/{resource.name.lower()}"):
                raise bad_request(
                    "RoleDefinitionHasAssignments",
                    f"There are existing role assignments referencing role '{resource.name}'.",
                )


def exists(ctx: Context, role_definition_id: str) -> bool:
    """Whether an id (with or without its scope) names a role."""
    name = role_definition_id.rsplit("/", 1)[-1].lower()
    return name in built_in() or any(True for _ in ctx.store.of_type(RoleDefinitions.type, name=name))


def canonical(ctx: Context, role_definition_id: str) -> str:
    """The id as Azure answers it: below the subscription."""
    name = role_definition_id.rsplit("/", 1)[-1]
    return f"/subscriptions/{ctx.settings.identity.subscription_id}/providers/{RoleDefinitions.type}/{name}"


def _built_in(ctx: Context, type_: str, role: dict[str, Any]) -> Resource:
    id_ = canonical(ctx, role["id"])
    body = {
        "id": id_,
        "name": role["id"],
        "type": type_,
        "properties": {
            "roleName": role["name"],
            "type": "BuiltInRole",
            "description": role.get("description", ""),
            "assignableScopes": ["/"],
            "permissions": role.get("permissions", []),
        },
    }
    return Resource(id_, type_, role["id"], body, "0")
