# SPDX-License-Identifier: Apache-2.0
"""Saved searches of a Log Analytics workspace."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import ArmType, Write


class SavedSearches(ArmType):
    """Microsoft.OperationalInsights/workspaces/savedSearches.

    Differs from Azure:
    - queries are kept, not parsed
    """

    type: ClassVar[str] = "Microsoft.OperationalInsights/workspaces/savedSearches"
    created_status: ClassVar[int] = 200

    def fill(self, write: Write) -> None:
        """The version of the query language."""
        write.properties.setdefault("version", 2)
