# SPDX-License-Identifier: Apache-2.0
"""Soft-deleted vaults: list, get, purge."""

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
from groundplan_emulator.types.key_vault import versions

PROVIDER = "/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault"
ONE = f"{PROVIDER}/locations/{{location}}/deletedVaults/{{vaultName}}"


class DeletedVaults(ArmType):
    """Microsoft.KeyVault/deletedVaults: what is left of deleted vaults until they are purged or their retention ends.

    Differs from Azure:
    - a purge is over when it is answered
    """

    type: ClassVar[str] = "Microsoft.KeyVault/deletedVaults"
    api_versions: ClassVar[tuple[str, ...]] = versions.API_VERSIONS

    @route("GET", f"{PROVIDER}/deletedVaults")
    def list_all(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """All soft-deleted vaults of the subscription."""
        return lifecycle.page(ctx, [_describe(found) for found in ctx.store.deleted(versions.VAULT)])

    @route("GET", f"{PROVIDER}/locations/{{location}}/deletedVaults")
    def list_location(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """The soft-deleted vaults of a location."""
        found = [buried for buried in ctx.store.deleted(versions.VAULT) if _is_in(buried, params["location"])]
        return lifecycle.page(ctx, [_describe(buried) for buried in found])

    @route("GET", ONE)
    def get_one(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """One soft-deleted vault."""
        return Response(200, _describe(_find(ctx, params)))

    @route("POST", f"{ONE}/purge")
    def purge(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Delete for good, unless purge protection is on."""
        buried = _find(ctx, params)
        if buried.body["properties"].get("enablePurgeProtection"):
            raise ArmError(
                405,
                "MethodNotAllowed",
                'Operation "DeletedVaultPurge" is not allowed because purge protection is enabled for this vault. Key Vault service'
                " will automatically purge it after the retention period has passed.",
            )
        for secret in ctx.store.deleted(versions.SECRET):
            if secret.id.lower().startswith(f"{buried.id.lower()}/"):
                ctx.store.exhume(secret.id)
        ctx.store.exhume(buried.id)
        return Response(200)


def _is_in(buried: Deleted, location: str) -> bool:
    return locations.normalise(buried.location) == locations.normalise(location)


def _find(ctx: Context, params: dict[str, str]) -> Deleted:
    for buried in ctx.store.deleted(versions.VAULT, name=params["vaultName"]):
        if _is_in(buried, params["location"]):
            return buried
    raise ArmError(
        404,
        "DeletedVaultNotFound",
        f"The specified deleted vault '{params['vaultName']}' does not exist in location '{params['location']}'.",
    )


def _describe(buried: Deleted) -> dict[str, Any]:
    subscription = buried.id.split("/")[2]
    properties: dict[str, Any] = {
        "vaultId": buried.id,
        "location": buried.location,
        "deletionDate": _stamp(buried.deleted_at),
        "scheduledPurgeDate": _stamp(buried.purge_at),
        "tags": buried.body.get("tags", {}),
    }
    if buried.body["properties"].get("enablePurgeProtection"):
        properties["purgeProtectionEnabled"] = True
    return {
        "id": f"/subscriptions/{subscription}/providers/Microsoft.KeyVault/locations/{buried.location}/deletedVaults/{buried.name}",
        "name": buried.body["name"],
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": properties,
    }


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
