# SPDX-License-Identifier: Apache-2.0
"""The storage account in which a registry keeps the files of its assets, in a resource group that belongs to the registry."""

from __future__ import annotations

from typing import Any, Final

from groundplan_arm.ids import ResourceId
from groundplan_emulator import locations
from groundplan_emulator.arm import lifecycle, operations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.store import Resource

ACCOUNTS: Final = "Microsoft.Storage/storageAccounts"
GROUPS: Final = "Microsoft.Resources/resourceGroups"


def account(ctx: Context, registry: Resource) -> Resource:
    """The account of the registry's own region: one that the user brought, or the service's, made where it is not there yet."""
    id_, own = _named(registry)
    found = ctx.get(id_)
    if found is not None:
        return found
    if not own:
        raise ArmError(
            400,
            "UserError",
            f"The storage account '{id_}' of registry '{registry.name}' does not exist any more: create it again.",
        )
    return _made(ctx, registry, id_)


def ensure(ctx: Context, registry: Resource) -> None:
    """Make the accounts that the service brings, in every region of the registry."""
    account(ctx, registry)
    for detail in registry.properties.get("regionDetails") or ():
        for entry in detail.get("storageAccountDetails") or ():
            id_ = _id(entry.get("systemCreatedStorageAccount"))
            if id_ and ctx.get(id_) is None:
                _made(ctx, registry, id_)


def forget(ctx: Context, registry: Resource) -> None:
    """Delete the registry's resource group and all that is in it."""
    group = ctx.get(_group(registry))
    if group is not None:
        ctx.delete(group)


def _named(registry: Resource) -> tuple[str, bool]:
    """The id of the account, and whether the service brings it."""
    for detail in registry.properties.get("regionDetails") or ():
        if locations.normalise(str(detail.get("location", ""))) != registry.body.get("location"):
            continue
        for entry in detail.get("storageAccountDetails") or ():
            if id_ := _id(entry.get("systemCreatedStorageAccount")):
                return id_, True
            if id_ := _id(entry.get("userCreatedStorageAccount")):
                return id_, False
    # a region that says nothing of its storage has the service's
    name = "".join(filter(str.isalnum, registry.name.lower()))[:8] + _group(registry)[-12:].lower()
    return f"{_group(registry)}/providers/{ACCOUNTS}/{name}", True


def _id(entry: Any) -> str:
    return str(((entry or {}).get("armResourceId") or {}).get("resourceId") or "")


def _group(registry: Resource) -> str:
    return str((registry.properties.get("managedResourceGroup") or {}).get("resourceId", ""))


def _made(ctx: Context, registry: Resource, id_: str) -> Resource:
    location = registry.body["location"]
    if ctx.get(_group(registry)) is None:
        _keep(ctx, GROUPS, _group(registry), {"location": location, "managedBy": registry.id})
    body = {
        "location": location,
        "sku": {"name": "Standard_LRS"},
        "kind": "StorageV2",
        "properties": {"allowBlobPublicAccess": False, "minimumTlsVersion": "TLS1_2"},
    }
    return _keep(ctx, ACCOUNTS, id_, body)


def _keep(ctx: Context, type_: str, id_: str, body: dict[str, Any]) -> Resource:
    armtype = ctx.registry.find(type_, id_)
    if armtype is None:  # pragma: no cover  (both types have a file)
        raise LookupError(type_)
    parsed = ResourceId.parse(id_)
    resource = lifecycle.prepare(ctx, armtype, parsed, body, None)
    operations.provisioning_state(armtype, resource, "Succeeded")
    ctx.store.put(resource, parsed.parent_id)
    armtype.written(ctx, resource, created=True)
    return resource
