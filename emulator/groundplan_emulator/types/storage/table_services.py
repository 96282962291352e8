# SPDX-License-Identifier: Apache-2.0
"""The table service of an account."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import route
from groundplan_emulator.types.storage.services import ACCOUNT, Service


class TableServices(Service):
    """Microsoft.Storage/storageAccounts/tableServices.

    Differs from Azure:
    - DELETE brings the defaults back; Azure has no such call
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/tableServices"
    defaults: ClassVar[dict[str, Any]] = {"cors": {"corsRules": []}}

    @route("DELETE", f"{ACCOUNT}/tableServices/default")
    def delete(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Bring the defaults back."""
        return self.reset(ctx, params)
