# SPDX-License-Identifier: Apache-2.0
"""File shares."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.types.storage import endpoints
from groundplan_emulator.types.storage.containers import UNLEASED

NAME = NameRule(
    r"(?=.{3,63}$)[a-z0-9](-?[a-z0-9])*",
    "3 to 63 lower-case letters, digits and single hyphens, a letter or digit first and last",
)
QUOTA = 5120
LARGEST = 102400


class Shares(ArmType):
    """Microsoft.Storage/storageAccounts/fileServices/shares.

    Differs from Azure:
    - files are not served; a deleted share is gone at once, whatever the service's retention
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/fileServices/shares"
    api_versions: ClassVar[tuple[str, ...]] = endpoints.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NAME

    def check(self, write: Write) -> None:
        """A share's quota is 1 GiB to 100 TiB."""
        quota = write.properties.get("shareQuota")
        if quota is not None and not 1 <= quota <= LARGEST:
            raise bad_request(
                "InvalidHeaderValue",
                f"shareQuota is {quota}; allowed: 1 to {LARGEST} (GiB).",
                target="properties.shareQuota",
            )

    def fill(self, write: Write) -> None:
        """Defaults of a new share."""
        defaults = {"shareQuota": QUOTA, "enabledProtocols": "SMB", "accessTier": "TransactionOptimized", **UNLEASED}
        for name, value in defaults.items():
            write.properties.setdefault(name, write.old_properties.get(name, value))
        write.properties["lastModifiedTime"] = write.ctx.clock.stamp()
