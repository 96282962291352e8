# SPDX-License-Identifier: Apache-2.0
"""Management locks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from groundplan_emulator.arm import scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.authorization import scoped

LEVELS = ("CanNotDelete", "ReadOnly")
NOTES = 512


class Locks(ArmType):
    """Microsoft.Authorization/locks: at a subscription, group or resource, for everything below it (see `arm/scopes.py`).

    Differs from Azure:
    - a ReadOnly lock does not stop POST actions such as listKeys
    """

    type: ClassVar[str] = scopes.LOCK_TYPE
    api_versions: ClassVar[tuple[str, ...]] = ("2016-09-01", "2017-04-01")
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[^<>%&?/\\]{1,90}", "1 to 90 characters without <, >, %, &, ?, / and \\"
    )

    def check(self, write: Write) -> None:
        """Level and length of the notes."""
        level, notes = write.properties.get("level"), write.properties.get("notes") or ""
        if level not in LEVELS:
            raise bad_request(
                "InvalidLockLevel",
                f"The lock level is '{level}'; allowed: {', '.join(LEVELS)}.",
                target="properties.level",
            )
        if len(notes) > NOTES:
            raise bad_request(
                "InvalidLockNotes",
                f"The notes have {len(notes)} characters; at most {NOTES}.",
                target="properties.notes",
            )

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Locks at, above and below a scope; with atScope() not those below."""
        return scoped.around(ctx, self.type, below=not scoped.at_scope_only(ctx))
