# SPDX-License-Identifier: Apache-2.0
"""The `identity` envelope: what Azure's directory fills in for system-assigned and user-assigned managed identities.

Source: "What are managed identities for Azure resources?" and the common types of Microsoft's REST specifications. A system-assigned
identity lives as long as its resource: a resource that is made again gets a new principal.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request, invalid_content
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.store import Resource

USER_ASSIGNED = "Microsoft.ManagedIdentity/userAssignedIdentities"
BORN = "principal_created"
"""Where a resource keeps in `private` when its principal was made (seconds since the epoch)."""

PROPAGATION = "principal_propagation"
"""The setting of the control API: seconds until role assignments know a new principal (PrincipalNotFound before); 0 by default."""


def settle(write: Write, armtype: ArmType) -> None:
    """Complete `identity` for every type that has one; left out of an update, it stays as it was."""
    if armtype.row is None or "identity" not in armtype.row.inputs:
        return
    before: dict[str, Any] = write.old.body.get("identity", {}) if write.old else {}
    given = write.body.get("identity")
    if given is None:
        if before:
            write.body["identity"] = before
        return
    identity = cast("dict[str, Any]", given)
    kinds = {kind.strip().lower() for kind in str(identity.get("type", "None")).split(",")}
    for name in ("principalId", "tenantId"):
        identity.pop(name, None)
    if "systemassigned" in kinds:
        if "principalId" not in before:
            write.private[BORN] = write.ctx.clock.now()
        identity["principalId"] = before.get("principalId") or str(uuid.uuid4())
        identity["tenantId"] = write.ctx.settings.identity.tenant_id
    else:
        write.private.pop(BORN, None)
    _user_assigned(write, identity, wanted="userassigned" in kinds)


def _user_assigned(write: Write, identity: dict[str, Any], *, wanted: bool) -> None:
    given: Any = identity.get("userAssignedIdentities") or {}
    if isinstance(given, list):
        given = {str(item): {} for item in cast("list[object]", given)}
    if not isinstance(given, dict):
        raise invalid_content("identity.userAssignedIdentities", f"Error converting value {given!r} to an object")
    ids = [name for name, value in cast("dict[str, Any]", given).items() if value is not None]
    if wanted and not ids:
        raise bad_request(
            "MissingIdentityIds",
            f"The identity ids must not be null or empty for '{identity['type']}' identity type.",
            target="identity.userAssignedIdentities",
        )
    if ids and not wanted:
        raise bad_request(
            "InvalidIdentityValues",
            f"userAssignedIdentities needs an identity type that contains 'UserAssigned'; the type is '{identity.get('type')}'.",
            target="identity.type",
        )
    identity.pop("userAssignedIdentities", None)
    if ids:
        identity["userAssignedIdentities"] = {name: _described(write, name) for name in ids}


def _described(write: Write, resource_id: str) -> dict[str, str]:
    found = write.ctx.get(resource_id)
    if found is None or found.type.lower() != USER_ASSIGNED.lower():
        reason = f'{{"error":{{"code":"BadRequest","message":"Resource \'{resource_id}\' was not found."}}}}'
        raise ArmError(
            400,
            "FailedIdentityOperation",
            f"Identity operation for resource '{write.id.id}' failed with error 'Failed to perform resource identity operation."
            f" Status: 'BadRequest'. Response: '{reason}'.'",
            target="identity.userAssignedIdentities",
        )
    return {name: found.properties[name] for name in ("clientId", "principalId")}


def holder(ctx: Context, principal_id: str) -> Resource | None:
    """The resource whose identity a principal is; None for users, groups and applications, which live outside ARM."""
    wanted = principal_id.lower()
    for resource in ctx.store.descendants(f"/subscriptions/{ctx.settings.identity.subscription_id}"):
        own = (
            resource.properties if resource.type.lower() == USER_ASSIGNED.lower() else resource.body.get("identity", {})
        )
        if str(own.get("principalId", "")).lower() == wanted:
            return resource
    return None
