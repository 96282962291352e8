# SPDX-License-Identifier: Apache-2.0
"""User-assigned managed identities."""

from __future__ import annotations

import uuid
from typing import ClassVar

from groundplan_emulator.arm import managed_identity
from groundplan_emulator.arm.resource import ArmType, NameRule, Write


class UserAssignedIdentities(ArmType):
    """Microsoft.ManagedIdentity/userAssignedIdentities: a principal of its own, a new one each time it is made.

    Differs from Azure:
    - an identity that is deleted while resources have it leaves its ids on them, as Azure does, and tokens go on being given out
    """

    type: ClassVar[str] = managed_identity.USER_ASSIGNED
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}", "3 to 128 letters, digits, hyphens and underscores, a letter or digit first"
    )

    def fill(self, write: Write) -> None:
        """Ids of the principal."""
        if write.old is None:
            write.private[managed_identity.BORN] = write.ctx.clock.now()
            write.properties.update(
                principalId=str(uuid.uuid4()),
                clientId=str(uuid.uuid4()),
                tenantId=write.ctx.settings.identity.tenant_id,
            )
        write.keep("principalId", "clientId", "tenantId")
