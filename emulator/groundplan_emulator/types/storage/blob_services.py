# SPDX-License-Identifier: Apache-2.0
"""The blob service of an account."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import route
from groundplan_emulator.types.storage.services import ACCOUNT, Service


class BlobServices(Service):
    """Microsoft.Storage/storageAccounts/blobServices.

    Differs from Azure:
    - DELETE brings the defaults back; Azure has no such call
    - versioning, soft delete, change feed and restore are settings only; the data plane keeps one version of a blob
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/blobServices"
    defaults: ClassVar[dict[str, Any]] = {
        "cors": {"corsRules": []},
        "deleteRetentionPolicy": {"enabled": False, "allowPermanentDelete": False},
    }

    @route("DELETE", f"{ACCOUNT}/blobServices/default")
    def delete(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Bring the defaults back."""
        return self.reset(ctx, params)
