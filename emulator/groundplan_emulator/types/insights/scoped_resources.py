# SPDX-License-Identifier: Apache-2.0
"""Resources in the private link scopes of Azure Monitor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.store import Resource

SCOPED = "Microsoft.Insights/privateLinkScopes/scopedResources"
LINKED = "properties.linkedResourceId"
TYPES = (
    "microsoft.operationalinsights/workspaces",
    "microsoft.insights/components",
    "microsoft.insights/datacollectionendpoints",
)


class ScopedResources(ArmType):
    """Microsoft.Insights/privateLinkScopes/scopedResources: a workspace, component or data collection endpoint in a scope.

    Differs from Azure:
    - access modes are kept, and close nothing
    """

    type: ClassVar[str] = SCOPED
    references: ClassVar[tuple[str, ...]] = (LINKED,)
    immutable: ClassVar[tuple[str, ...]] = (LINKED,)

    def check(self, write: Write) -> None:
        """Only what Azure Monitor has goes into a scope."""
        linked = paths.read(write.body, LINKED)
        found = write.ctx.get(linked) if isinstance(linked, str) else None
        if found is not None and found.type.lower() not in TYPES:
            raise bad_request(
                "BadRequest", f"Resources of type '{found.type}' cannot be part of a private link scope.", target=LINKED
            )


def links(ctx: Context, resource: Resource) -> list[dict[str, str]]:
    """The links of a resource to scopes: id of each, and the scope's own GUID."""
    return [
        {"link": link.id, "scope": ctx.guid("private link scope", link.id.rsplit("/", 2)[0].lower())}
        for link in _scoped(ctx, resource)
    ]


def _scoped(ctx: Context, resource: Resource) -> Iterator[Resource]:
    for link in ctx.store.of_type(SCOPED):
        if str(paths.read(link.body, LINKED)).lower() == resource.id.lower():
            yield link
