# SPDX-License-Identifier: Apache-2.0
"""The blob, file, queue and table service of an account: there with the account, under the name `default`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.storage import endpoints
from groundplan_emulator.types.storage.storage_accounts import StorageAccounts

ACCOUNT = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}"


class Service(ArmType):
    """What the four services do alike; each has its own defaults."""

    api_versions: ClassVar[tuple[str, ...]] = endpoints.API_VERSIONS
    created_status: ClassVar[int] = 200
    implicit: ClassVar[bool] = True
    defaults: ClassVar[dict[str, Any]] = {}

    def check(self, write: Write) -> None:
        """There is one service of a kind."""
        if write.id.name != "default":
            raise bad_request(
                "InvalidResourceName", f"The service is named 'default', not '{write.id.name}'.", target="name"
            )

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        write.properties.update({name: value for name, value in self.defaults.items() if name not in write.properties})

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """The service as it is before anyone sets it up."""
        account = ctx.get(id_.parent_id)
        if account is None or account.type.lower() != StorageAccounts.type.lower() or id_.name.lower() != "default":
            return None
        id_text = f"{account.id}/{self.name.rsplit('/', 1)[1]}/default"
        body = {
            "id": id_text,
            "name": "default",
            "type": self.name,
            "sku": account.body["sku"],
            "properties": dict(self.defaults),
        }
        return Resource(id_text, self.name, "default", body, "0")

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """A list names the service even when no one set it up."""
        known = list(found)
        if known:
            return known
        implied = self.default(ctx, ResourceId.parse(f"{ctx.request.path}/default"))
        return [] if implied is None else [implied]

    def reset(self, ctx: Context, params: dict[str, str]) -> Response:
        """Forget the settings; what lives below the service stays."""
        parent = ACCOUNT.format(**params)
        id_ = ResourceId.parse(f"{parent}/{self.name.rsplit('/', 1)[1]}/default")
        if not ctx.store.exists(id_.key):
            return Response(204)
        scopes.refuse_locked(ctx, id_, "delete")
        ctx.store.remove(id_.key)
        return Response(200)
