# SPDX-License-Identifier: Apache-2.0
"""Resource groups."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm import scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import ArmType, NameRule, Seconds, Write
from groundplan_emulator.store import Resource


class ResourceGroups(ArmType):
    """Microsoft.Resources/resourceGroups: deleting one deletes everything in it.

    Differs from Azure:
    - a group's resources are deleted together, in one transaction, not one after the other by their dependencies
    - `managedBy` is kept but protects nothing
    """

    type: ClassVar[str] = "Microsoft.Resources/resourceGroups"
    api_versions: ClassVar[tuple[str, ...]] = ("2020-06-01", "2021-04-01", "2022-09-01", "2024-03-01", "2025-04-01")
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[\w.()-]{0,89}[\w()-]",
        "1 to 90 letters, digits, underscores, hyphens, periods and parentheses, not ending in a period",
    )
    seconds: ClassVar[Seconds] = Seconds(delete=10)

    def fill(self, write: Write) -> None:
        """A group reports its state under `properties`."""
        write.body["properties"] = {"provisioningState": "Succeeded"}

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """A lock on anything inside keeps the group."""
        for inside in ctx.store.descendants(resource.id):
            if inside.type.lower() == scopes.LOCK_TYPE.lower():
                scopes.refuse_locked(ctx, scopes.ResourceId.parse(resource.id), "delete")
