# SPDX-License-Identifier: Apache-2.0
"""Versioned assets: a container that holds versions, in workspaces and registries alike."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import MachineLearningType

NAME = NameRule(
    r"[a-zA-Z0-9][\w.-]{0,254}",
    "1 to 255 letters, digits, underscores, periods and hyphens, starting with a letter or digit",
)
VERSION = NameRule(
    r"[a-zA-Z0-9][\w.-]{0,254}",
    "1 to 255 letters, digits, underscores, periods and hyphens, starting with a letter or digit",
)


class AssetContainer(MachineLearningType):
    """The container of an asset: made by its first version, knows its latest and its next one."""

    name_rule: ClassVar[NameRule | None] = NAME

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        for name, value in (("isArchived", False), ("properties", {}), ("tags", {})):
            write.properties.setdefault(name, write.old_properties.get(name, value))

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """A version may be written before its container, and versions listed; nothing else sees a container that was not made."""
        method, path = ctx.request.method, ctx.request.path.lower()
        writes_version = method == "PUT" and path.startswith(f"{id_.key}/versions/")
        lists_versions = method == "GET" and path == f"{id_.key}/versions"
        return self.make(ctx, id_) if writes_version or lists_versions else None

    def make(self, ctx: Context, id_: ResourceId) -> Resource:
        """A container with nothing but defaults."""
        properties: dict[str, Any] = {"isArchived": False, "properties": {}, "tags": {}}
        body = {
            "id": id_.id,
            "name": id_.name,
            "type": self.name,
            "properties": properties,
            "systemData": ctx.system_data(),
        }
        return Resource(id_.id, self.name, id_.name, body)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """The newest version, and the number after the highest."""
        versions = list(ctx.children(resource.id, f"{self.name}/versions"))
        newest = max(
            versions, key=lambda version: str(version.body.get("systemData", {}).get("createdAt", "")), default=None
        )
        numbers = [int(version.name) for version in versions if version.name.isdigit()]
        known = {"latestVersion": newest.name if newest else None, "nextVersion": str(max(numbers, default=0) + 1)}
        return {**resource.body, "properties": {**resource.properties, **known}}


class AssetVersion(MachineLearningType):
    """A version of an asset: its content never changes, its description, tags and archived state do."""

    name_rule: ClassVar[NameRule | None] = VERSION

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        defaults = (("isAnonymous", False), ("isArchived", False), ("properties", {}), ("tags", {}))
        for name, value in defaults:
            write.properties.setdefault(name, write.old_properties.get(name, value))

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The container is there from the first version on."""
        id_ = ResourceId.parse(resource.id.rsplit("/", 2)[0])
        container = ctx.registry.find(id_.type, id_.id)
        if created and ctx.get(id_.id) is None and isinstance(container, AssetContainer):
            ctx.save(container.make(ctx, id_))
