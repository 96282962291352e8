# SPDX-License-Identifier: Apache-2.0
"""Children that a parent's body carries: a network's subnets, a security group's rules.

They are stored as resources of their own, whichever way they came. A PUT of the parent that lists them creates, changes and removes
them; its GET shows them in the order of the last such PUT, later ones after those.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle, operations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, invalid_content
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.store import Resource

WAITING, ORDER = "inlined", "order"
ENVELOPE = ("id", "name", "type", "etag")


@dataclass(frozen=True, slots=True)
class Inlined:
    """One list of children: the property that carries them and their type.

    `absent_removes`: a PUT without the property empties the list; otherwise it leaves it alone.
    """

    property: str
    type: str
    absent_removes: bool

    def take(self, write: Write) -> list[dict[str, Any]] | None:
        """Take the children out of the body; None when the request says nothing about them."""
        given = write.properties.pop(self.property, None)
        write.private.setdefault(WAITING, {}).pop(self.property, None)
        if given is None and self.absent_removes and write.ctx.request.method != "PATCH":
            given = []
        if given is None:
            return None
        names = [self._name(item, at) for at, item in enumerate(given)]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise bad_request(
                    "DuplicateResourceName",
                    f"Resource {write.id.id} has two child resources with the same name ({given[at]['name']}).",
                    target=f"properties.{self.property}[{at}].name",
                )
        write.private[WAITING][self.property] = given
        write.private.setdefault(ORDER, {})[self.property] = names
        return given

    def _name(self, item: dict[str, Any], at: int) -> str:
        name = item.get("name") or str(item.get("id", "")).rpartition("/")[2]
        if not name:
            raise invalid_content(f"properties.{self.property}[{at}]", "Required property 'name' not found in JSON")
        item["name"] = name
        return name.lower()

    def store(self, ctx: Context, parent: Resource) -> None:
        """Make the children what `take` took; the parent is in the store already."""
        given = parent.private.get(WAITING, {}).pop(self.property, None)
        if given is None:
            return
        parent_id = ResourceId.parse(parent.id)
        ctx.store.put(parent, parent_id.parent_id)
        armtype = self._armtype(ctx, parent)
        wanted = {item["name"].lower() for item in given}
        for child in ctx.children(parent.id, self.type):
            if child.name.lower() not in wanted:
                armtype.deleting(ctx, child)
                ctx.delete(child)
        for item in given:
            body = copy.deepcopy({name: value for name, value in item.items() if name not in ENVELOPE})
            id_ = parent_id.child(self.type.rpartition("/")[2], item["name"])
            old = ctx.get(id_.key)
            child = lifecycle.prepare(ctx, armtype, id_, body, old)
            operations.provisioning_state(armtype, child, "Succeeded")
            ctx.store.put(child, parent.id)
            armtype.written(ctx, child, created=old is None)

    def show(self, ctx: Context, parent: Resource) -> list[dict[str, Any]]:
        """The children as the parent's body shows them."""
        armtype = self._armtype(ctx, parent)
        order = parent.private.get(ORDER, {}).get(self.property, [])
        rank = {name: at for at, name in enumerate(order)}
        children = sorted(ctx.children(parent.id, self.type), key=lambda child: rank.get(child.name.lower(), len(rank)))
        return [armtype.view(ctx, child) for child in children]

    def _armtype(self, ctx: Context, parent: Resource) -> ArmType:
        found = ctx.registry.find(self.type, f"{parent.id}/{self.type.rpartition('/')[2]}/x")
        if found is None:
            raise LookupError(f"{self.type} is not in the type table")
        return found


def asked_for(write: Write) -> bool:
    """Whether the request names the child itself, so that its parent has not checked it together with its siblings."""
    return write.ctx.request.path.lower() == write.id.key
