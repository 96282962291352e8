# SPDX-License-Identifier: Apache-2.0
"""Versioned assets: a container that holds versions, in workspaces and registries alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, conflict
from groundplan_emulator.arm.resource import NameRule, Write
from groundplan_emulator.ml.references import newest
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import asset_files
from groundplan_emulator.types.machine_learning_services.service import MachineLearningType

NAME = NameRule(
    r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}",
    "1 to 255 letters, digits, underscores, periods and hyphens, starting with a letter or digit",
)
VERSION = NameRule(
    r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}",
    "1 to 255 letters, digits, underscores, periods and hyphens, starting with a letter or digit",
)


def _by_default_active(found: Iterable[Resource], ctx: Context) -> list[Resource]:
    """A list that does not say which it wants has no archived assets."""
    if "listviewtype" in ctx.request.query:
        return list(found)
    return [resource for resource in found if not resource.properties.get("isArchived", False)]


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

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Without those that are archived, unless they are asked for, and without those that a client made for itself."""
        named = [container for container in found if not container.private.get("anonymous")]
        return super().listed(ctx, _by_default_active(named, ctx))

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """The newest version, archived ones only where there is no other, and the number after the highest."""
        versions = list(ctx.children(resource.id, f"{self.name}/versions"))
        last = newest(ctx, resource) or max(versions, key=_made, default=None)
        numbers = [int(version.name) for version in versions if version.name.isdigit()]
        known = {"latestVersion": last.name if last else None, "nextVersion": str(max(numbers, default=0) + 1)}
        return {**resource.body, "properties": {**resource.properties, **known}}


def _made(version: Resource) -> str:
    return str(version.body.get("systemData", {}).get("createdAt", ""))


class AssetVersion(MachineLearningType):
    """A version of an asset: its content never changes, its description, tags, properties and archived state do."""

    name_rule: ClassVar[NameRule | None] = VERSION
    content: ClassVar[tuple[str, ...]] = ()
    """Paths below `properties` of what never changes. A write that names none of them leaves all as they are."""
    uri: ClassVar[str] = ""
    """Which of them leads to files."""

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """As all types of the service."""
        return super().understood(body)

    def check(self, write: Write) -> None:
        """URIs in the form in which they are kept, and no other content than before."""
        holder = write.ctx.get(write.id.id.rsplit("/", 4)[0])
        given = paths.read(write.properties, self.uri) if self.uri else None
        if isinstance(given, str):
            target = f"properties.{self.uri}"
            paths.write(write.properties, self.uri, asset_files.settled(write.ctx, holder, target, given))
        if write.old is None:
            _check_container(write)
            _refuse_deleted(write)
            self.check_new(write, holder)
        else:
            self._refuse_change(write, holder)

    def check_new(self, write: Write, holder: Resource | None) -> None:
        """Refuse a version that is not there yet (raise ArmError)."""

    def _refuse_change(self, write: Write, holder: Resource | None) -> None:
        before = {path: paths.read(write.old_properties, path) for path in self.content}
        after = {path: paths.read(write.properties, path) for path in self.content}
        if all(value is None for value in after.values()):
            after = before
        for path, value in after.items():
            if not self.same(write, holder, path, before[path], value):
                raise self.changed(write, path, before[path], value)
        for path, value in before.items():
            if value is not None:
                paths.write(write.properties, path, self.kept(path, value, after[path]))

    def kept(self, path: str, before: Any, after: Any) -> Any:
        """What is kept of a piece of the content that is the same: what was there before."""
        return before

    def same(self, write: Write, holder: Resource | None, path: str, before: Any, after: Any) -> bool:
        """Whether a piece of the content is what it was."""
        return asset_files.same(write.ctx, before, after, holder) if path == self.uri else before == after

    def changed(self, write: Write, path: str, before: Any, after: Any) -> ArmError:
        """The refusal of other content."""
        name, number = write.id.names[-2:]
        first = "Asset paths cannot be updated. " if path == self.uri else ""
        return conflict(
            "UserError",
            f"{first}Version '{number}' of '{name}' is already registered and its '{path}' cannot be changed from {_short(before)}"
            f" to {_short(after)}. Register the new content as another version.",
            target=f"properties.{path}",
        )

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """As stored, with the address of the emulator as it is now."""
        uri = paths.read(resource.properties, self.uri) if self.uri else None
        if not isinstance(uri, str) or (now := asset_files.current(ctx, uri)) == uri:
            return resource.body
        body = paths.merge(resource.body, {})
        paths.write(body["properties"], self.uri, now)
        return body

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        defaults = (("isAnonymous", False), ("isArchived", False), ("properties", {}), ("tags", {}))
        for name, value in defaults:
            write.properties.setdefault(name, write.old_properties.get(name, value))

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The container is there from the first version on; it is shown once a version is no anonymous one."""
        id_ = ResourceId.parse(resource.id.rsplit("/", 2)[0])
        armtype, container = ctx.registry.find(id_.type, id_.id), ctx.get(id_.id)
        anonymous = bool(resource.properties.get("isAnonymous", False))
        if container is None and isinstance(armtype, AssetContainer):
            container = armtype.make(ctx, id_)
            container.private["anonymous"] = anonymous
            ctx.save(container)
        elif container is not None and container.private.get("anonymous") and not anonymous:
            container.private["anonymous"] = False
            ctx.save(container)

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """A registry remembers which versions it had."""
        container = ctx.get(ResourceId.parse(resource.id).parent_id)
        if container is not None and "/registries/" in resource.key:
            container.private["gone"] = {
                **(container.private.get("gone") or {}),
                resource.name.lower(): ctx.clock.stamp(),
            }
            ctx.save(container)

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """With an archived container goes every version; `stage` chooses too."""
        versions, wanted = list(found), ctx.request.query.get("listviewtype", "ActiveOnly").lower().replace("_", "")
        container = ctx.get(ctx.request.path.rstrip("/").rpartition("/")[0])
        if container is not None and container.properties.get("isArchived", False) and not wanted.endswith("all"):
            return versions if wanted.endswith("archivedonly") else []
        if (stage := ctx.request.query.get("stage")) is not None:
            versions = [version for version in versions if version.properties.get("stage") == stage]
        return super().listed(ctx, _by_default_active(versions, ctx))


def _check_container(write: Write) -> None:
    """A version makes its container, whose name has a rule too."""
    id_ = ResourceId.parse(write.id.parent_id)
    armtype = write.ctx.registry.find(id_.type, id_.id)
    if armtype is not None and armtype.name_rule is not None and write.ctx.get(id_.key) is None:
        armtype.name_rule.check(armtype.name, id_.name)


def _refuse_deleted(write: Write) -> None:
    """A version of a registry that was deleted is gone for good: others may have used it."""
    container = write.ctx.get(write.id.parent_id)
    when = (container.private.get("gone") or {}).get(write.id.name.lower()) if container is not None else None
    if when is not None:
        registry, kind, name, number = write.id.names[0], write.id.type.split("/")[-2], *write.id.names[-2:]
        raise conflict(
            "UserError",
            f"Asset azureml://registries/{registry}/{kind}/{name}/versions/{number} was deleted at {when}, it cannot be recreated."
            " Please try again with a different version.",
            target="version",
        )


def _short(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 200 else f"{text[:200]}..."
