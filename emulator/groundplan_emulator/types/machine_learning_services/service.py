# SPDX-License-Identifier: Apache-2.0
"""What all types of the machine learning service share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from groundplan_arm import schema
from groundplan_emulator import locations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request
from groundplan_emulator.arm.resource import ArmType
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.spelling import spelt

WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
NOT_OFFERED = frozenset({"australiacentral", "koreasouth", "mexicocentral", "newzealandnorth", "westindia"})
"""Regions without the service (Microsoft's provider metadata: workspaces and registries are in 39 regions)."""
DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


class MachineLearningType(ArmType):
    """A type of the service: lenient about spelling, its tracked children default to the workspace's location."""

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """Property names, enum values and booleans in the schema's spelling, nulls left out."""
        return spelt(schema.request_schema(self.row, strict=True), body) if self.row else body

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """`listViewType` hides archived assets, `$orderBy=createdtime desc` puts the newest first."""
        wanted = ctx.request.query.get("listviewtype", "All").lower().replace("_", "")
        kept = [resource for resource in found if _shown(resource, wanted)]
        if "desc" in ctx.request.query.get("$orderby", "").lower():
            kept.sort(key=lambda resource: str(resource.body.get("systemData", {}).get("createdAt", "")), reverse=True)
        return kept


def _shown(resource: Resource, wanted: str) -> bool:
    archived = bool(resource.properties.get("isArchived", False))
    enabled = bool(resource.properties.get("isEnabled", True))
    if wanted.endswith("activeonly"):
        return not archived
    if wanted.endswith("archivedonly"):
        return archived
    if wanted == "enabledonly":
        return enabled
    return not enabled if wanted == "disabledonly" else True


def workspace_of(ctx: Context, resource_id: str) -> Resource:
    """The workspace that a child's id names."""
    match = re.match(r".*?/providers/microsoft\.machinelearningservices/workspaces/[^/]+", resource_id, re.IGNORECASE)
    found = ctx.get(match[0]) if match else None
    if found is None:
        raise ArmError(404, "ResourceNotFound", f"The workspace of '{resource_id}' was not found.")
    return found


def user_error(message: str, target: str | None = None) -> ArmError:
    """400 UserError, the service's code for what it refuses besides the schema."""
    return bad_request("UserError", message, target=target)


def check_region(type_: str, location: str) -> None:
    """400 LocationNotAvailableForResourceType where the service is not offered."""
    if location in NOT_OFFERED:
        offered = ",".join(name for name in locations.DISPLAY_NAMES if name not in NOT_OFFERED)
        raise bad_request(
            "LocationNotAvailableForResourceType",
            f"The provided location '{location}' is not available for resource type '{type_}'."
            f" List of available regions for the resource type is '{offered}'.",
            target="location",
        )


def linked(ctx: Context, target: str, resource_id: str, type_: str) -> Resource:
    """The resource of a type that a body names at `target`; refuses ids of other types and of what does not exist."""
    found = ctx.linked(target, resource_id)
    if found.type.lower() != type_.lower():
        raise bad_request(
            "ValidationError",
            f"'{target}' must be the id of a {type_}, but '{resource_id}' is a {found.type}.",
            target=target,
        )
    return found


def check_duration(target: str, value: object) -> None:
    """400 unless the value is an ISO 8601 duration of days, hours, minutes and seconds (`PT5M`); absent passes."""
    if value is not None and (not isinstance(value, str) or DURATION.fullmatch(value) is None):
        raise user_error(f"'{target}' must be an ISO 8601 duration such as 'PT120S' or 'PT30M', not '{value}'.", target)
