# SPDX-License-Identifier: Apache-2.0
"""Storage tables."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.types.storage import endpoints


class Tables(ArmType):
    """Microsoft.Storage/storageAccounts/tableServices/tables.

    Differs from Azure:
    - entities are not served
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/tableServices/tables"
    api_versions: ClassVar[tuple[str, ...]] = endpoints.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[A-Za-z][A-Za-z0-9]{2,62}", "3 to 63 letters and digits, a letter first"
    )
    created_status: ClassVar[int] = 200

    def fill(self, write: Write) -> None:
        """A table answers its name."""
        write.properties["tableName"] = write.id.name
