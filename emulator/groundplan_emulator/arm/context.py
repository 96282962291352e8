# SPDX-License-Identifier: Apache-2.0
"""What a handler may touch: the store, the clock, the settings and the other types."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.errors import linked_not_found
from groundplan_emulator.clock import Clock
from groundplan_emulator.settings import Settings
from groundplan_emulator.store import Resource, Store

if TYPE_CHECKING:
    from groundplan_emulator.arm.messages import Request
    from groundplan_emulator.arm.registry import Registry
    from groundplan_emulator.arm.resource import ArmType


@dataclass(slots=True)
class Context:
    """One request's view of the emulated Azure. Everything written through it belongs to the request's transaction."""

    store: Store
    clock: Clock
    settings: Settings
    registry: Registry
    request: Request

    def get(self, resource_id: str) -> Resource | None:
        """A resource by id, or None."""
        return self.store.get(resource_id)

    def linked(self, target: str, resource_id: object) -> Resource:
        """The resource that a body names at `target`; LinkedResourceNotFound when it is not there."""
        found = self.store.get(resource_id) if isinstance(resource_id, str) else None
        if found is None:
            raise linked_not_found(target, str(resource_id))
        return found

    def children(self, resource_id: str, type_: str | None = None) -> Iterator[Resource]:
        """Resources directly below an id."""
        return self.store.children(resource_id, type_)

    def save(self, resource: Resource) -> None:
        """Write a resource that exists or that a type makes on its own (a NIC of a private endpoint); new etag."""
        resource.etag = new_etag()
        if "etag" in resource.body:
            resource.body["etag"] = quoted(resource.etag)
        self.store.put(resource, ResourceId.parse(resource.id).parent_id)

    def delete(self, resource: Resource) -> None:
        """Delete a resource and everything below it, running each type's own hooks; soft where the type is."""
        armtype = self.type_of(resource)
        if armtype is not None:
            armtype.bury(self, resource)
        for child in self.store.children(resource.id):
            self.delete(child)
        self.store.remove(resource.id)
        if armtype is not None:
            armtype.deleted(self, resource)

    def type_of(self, resource: Resource) -> ArmType | None:
        """The type that looks after a resource."""
        return self.registry.find(resource.type, resource.id)

    def guid(self, *parts: str) -> str:
        """A stable GUID for these parts (principal ids, workspace ids)."""
        return self.settings.identity.guid(*parts)

    def secret(self, *parts: str, size: int = 32) -> bytes:
        """A stable secret for these parts (account keys)."""
        return self.settings.identity.derive(*parts, size=size)

    def system_data(self, old: dict[str, Any] | None = None) -> dict[str, Any]:
        """ARM's `systemData` for a write now."""
        who, stamp = self.settings.identity.principal_id, self.clock.stamp()
        created = old or {"createdBy": who, "createdByType": "ManagedIdentity", "createdAt": stamp}
        return {**created, "lastModifiedBy": who, "lastModifiedByType": "ManagedIdentity", "lastModifiedAt": stamp}


def new_etag() -> str:
    """A value never used before."""
    return str(uuid.uuid4())


def quoted(etag: str) -> str:
    """An etag as HTTP writes it."""
    return f'"{etag}"'
