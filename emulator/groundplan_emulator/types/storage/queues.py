# SPDX-License-Identifier: Apache-2.0
"""Storage queues."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.resource import ArmType, NameRule
from groundplan_emulator.types.storage import endpoints
from groundplan_emulator.types.storage.shares import NAME


class Queues(ArmType):
    """Microsoft.Storage/storageAccounts/queueServices/queues.

    Differs from Azure:
    - messages are not served
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/queueServices/queues"
    api_versions: ClassVar[tuple[str, ...]] = endpoints.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NAME
    created_status: ClassVar[int] = 200
