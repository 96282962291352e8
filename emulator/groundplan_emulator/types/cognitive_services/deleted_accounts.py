# SPDX-License-Identifier: Apache-2.0
"""Soft-deleted accounts: list, get, purge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from groundplan_emulator import locations
from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.store import Deleted
from groundplan_emulator.types.cognitive_services.accounts import Accounts

PROVIDER = "/subscriptions/{subscriptionId}/providers/Microsoft.CognitiveServices"
ONE = f"{PROVIDER}/locations/{{location}}/resourceGroups/{{resourceGroupName}}/deletedAccounts/{{accountName}}"


class DeletedAccounts(ArmType):
    """Microsoft.CognitiveServices/deletedAccounts: what is left of deleted accounts until they are purged or 48 hours are over.

    Differs from Azure:
    - a purge is over when it is answered
    """

    type: ClassVar[str] = "Microsoft.CognitiveServices/deletedAccounts"
    api_versions: ClassVar[tuple[str, ...]] = ()

    @route("GET", f"{PROVIDER}/deletedAccounts")
    def list_all(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """All soft-deleted accounts of the subscription."""
        return lifecycle.page(ctx, [_describe(found) for found in ctx.store.deleted(Accounts.type)])

    @route("GET", ONE)
    def get_one(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """One soft-deleted account."""
        return Response(200, _describe(_find(ctx, params)))

    @route("DELETE", ONE)
    def purge(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Delete for good."""
        ctx.store.exhume(_find(ctx, params).id)
        return Response(200)


def _find(ctx: Context, params: dict[str, str]) -> Deleted:
    for buried in ctx.store.deleted(Accounts.type, name=params["accountName"]):
        group = buried.id.split("/")[4]
        here = locations.normalise(buried.location) == locations.normalise(params["location"])
        if here and group.lower() == params["resourceGroupName"].lower():
            return buried
    raise ArmError(404, "ResourceNotFound", f"There is no deleted account '{params['accountName']}'.")


def _describe(buried: Deleted) -> dict[str, Any]:
    _, _, subscription, _, group, *_ = buried.id.split("/")
    place = f"locations/{buried.location}/resourceGroups/{group}/deletedAccounts/{buried.name}"
    properties = {
        **buried.body["properties"],
        "deletionDate": _stamp(buried.deleted_at),
        "scheduledPurgeDate": _stamp(buried.purge_at),
    }
    return {
        **buried.body,
        "id": f"/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/{place}",
        "type": "Microsoft.CognitiveServices/deletedAccounts",
        "properties": properties,
    }


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
