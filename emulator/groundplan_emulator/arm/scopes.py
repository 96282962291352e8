# SPDX-License-Identifier: Apache-2.0
"""What a request stands on: subscription, resource group, parent, location and locks."""

from __future__ import annotations

import re
from typing import Any

from groundplan_arm.ids import ResourceId
from groundplan_emulator import locations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, invalid_content, parent_not_found, resource_group_not_found
from groundplan_emulator.arm.resource import ArmType
from groundplan_emulator.store import Resource

LOCK_TYPE = "Microsoft.Authorization/locks"
GROUP_TYPE = "Microsoft.Resources/resourceGroups"
_GROUPS = re.compile("/resourcegroups/", re.IGNORECASE)


def spelt(id_: ResourceId, armtype: ArmType) -> str:
    """The id as ARM answers it: the type in its own spelling, `resourceGroups` in camel case, names as given."""
    scope = _GROUPS.sub("/resourceGroups/", id_.scope, count=1)
    return ResourceId.of(scope, armtype.name, *id_.names).id


def require_scope(ctx: Context, id_: ResourceId) -> None:
    """The subscription and the resource group of an id exist; 404 otherwise."""
    subscription = id_.subscription
    if not subscription:
        return
    require_subscription(ctx, subscription)
    group = id_.resource_group
    if not group or id_.type == GROUP_TYPE:
        return
    if not ctx.store.exists(f"/subscriptions/{subscription}/resourcegroups/{group}"):
        raise resource_group_not_found(group)


def require_subscription(ctx: Context, subscription: str | None) -> None:
    """404 SubscriptionNotFound for any subscription but the emulated one; None passes."""
    if subscription is not None and subscription.lower() != ctx.settings.identity.subscription_id.lower():
        raise ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def require_parent(ctx: Context, armtype: ArmType, id_: ResourceId) -> None:
    """The resource above a child, or the scope of an extension, exists; 404 ParentResourceNotFound otherwise."""
    parent = id_.parent_id
    if not parent or not _is_resource(parent) or ctx.store.exists(parent):
        return
    parent_id = ResourceId.parse(parent)
    holder = ctx.registry.find(parent_id.type, parent)
    if holder is not None and holder.default(ctx, parent_id) is not None:
        return
    raise parent_not_found(armtype.name, parent)


def require_parent_of_list(ctx: Context, armtype: ArmType, id_: ResourceId) -> None:
    """A list below a resource needs that resource; 404 ParentResourceNotFound otherwise."""
    require_scope(ctx, id_)
    holder = ctx.registry.find(id_.type, id_.id)
    if ctx.store.exists(id_.key) or (holder is not None and holder.default(ctx, id_) is not None):
        return
    raise parent_not_found(armtype.name, id_.id, "read")


def _is_resource(parent: str) -> bool:
    return "/providers/" in parent.lower() and not parent.lower().startswith("/providers/microsoft.management/")


def settle_location(armtype: ArmType, id_: ResourceId, body: dict[str, Any], old: Resource | None) -> None:
    """A tracked resource has a known location that never changes; it is stored in its programmatic form."""
    given = body.get("location")
    if given is None:
        if old is not None and "location" in old.body:
            body["location"] = old.body["location"]
        elif armtype.location_required and armtype.row is not None and armtype.row.tracked:
            raise ArmError(
                400,
                "LocationRequired",
                f"The location property is required for this definition: '{armtype.name}'.",
                target="location",
            )
        return
    if not isinstance(given, str):
        raise invalid_content("location", f"Error converting value {given!r} to type 'System.String'")
    location = locations.normalise(given)
    if location not in locations.DISPLAY_NAMES and location != "global":
        raise ArmError(
            400,
            "LocationNotAvailableForResourceType",
            f"The provided location '{given}' is not available for resource type '{armtype.name}'."
            f" List of available regions for the resource type is '{','.join(locations.DISPLAY_NAMES)}'.",
            target="location",
        )
    if old is not None and "location" in old.body and locations.normalise(old.body["location"]) != location:
        raise ArmError(
            409,
            "InvalidResourceLocation",
            f"The resource '{id_.name}' already exists in location '{old.body['location']}' in resource group '{id_.resource_group}'."
            f" A resource with the same name cannot be created in location '{location}'. Please select a new resource name.",
            target="location",
        )
    body["location"] = location


def refuse_locked(ctx: Context, id_: ResourceId, verb: str) -> None:
    """409 ScopeLocked while a lock stands at the resource, above it or (for deletes) below it."""
    if id_.type.lower() == LOCK_TYPE.lower():
        return
    locks = [lock for lock in ctx.store.of_type(LOCK_TYPE) if _covers(lock, id_.key, verb)]
    if not locks:
        return
    scopes = ",".join(sorted({lock.id.rsplit("/providers/", 1)[0] for lock in locks}))
    raise ArmError(
        409,
        "ScopeLocked",
        f"The scope '{id_.id}' cannot perform {verb} operation because following scope(s) are locked: '{scopes}'."
        " Please remove the lock and try again.",
    )


def _covers(lock: Resource, key: str, verb: str) -> bool:
    level = lock.properties.get("level")
    if verb != "delete" and level != "ReadOnly":
        return False
    scope = lock.key.rsplit("/providers/", 1)[0]
    return key == scope or key.startswith(scope + "/") or (verb == "delete" and scope.startswith(key + "/"))
