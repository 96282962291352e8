# SPDX-License-Identifier: Apache-2.0
"""Storage accounts."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from groundplan_emulator.arm import private_link
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, conflict, invalid_content
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import Seconds, Write, action, route
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network import service_endpoints
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget
from groundplan_emulator.types.storage import endpoints, keys

NAME = r"[a-z0-9]{3,24}"
WORDS = (
    "Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only."
)
FIXED = ("isHnsEnabled", "isNfsV3Enabled", "dnsEndpointType")
PAIRS = {
    "westeurope": "northeurope",
    "northeurope": "westeurope",
    "eastus": "westus",
    "westus": "eastus",
    "eastus2": "centralus",
    "centralus": "eastus2",
    "uksouth": "ukwest",
    "ukwest": "uksouth",
    "southeastasia": "eastasia",
    "eastasia": "southeastasia",
    "germanywestcentral": "germanynorth",
    "swedencentral": "swedensouth",
    "francecentral": "francesouth",
    "norwayeast": "norwaywest",
    "switzerlandnorth": "switzerlandwest",
    "canadacentral": "canadaeast",
    "japaneast": "japanwest",
    "australiaeast": "australiasoutheast",
    "northcentralus": "southcentralus",
    "southcentralus": "northcentralus",
    "westus2": "westcentralus",
    "westus3": "eastus",
}
"""Paired regions, of Microsoft's list of Azure regions; an account elsewhere has no secondaryLocation."""


class StorageAccounts(PrivateLinkTarget):
    """Microsoft.Storage/storageAccounts: global names, derived keys, endpoints on the emulator.

    Differs from Azure:
    - endpoints are paths of the emulator, `https://127.0.0.1:<port>/<account>.<service>.core.local/`; only blobs are served
    - a name that another resource group of the subscription has is refused as taken by anyone (StorageAccountAlreadyTaken)
    - a deleted account cannot be recovered; failover, migrations and point-in-time restore are not offered
    - an update of kind to StorageV2 is at once; keys of a deleted account are gone
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts"
    api_versions: ClassVar[tuple[str, ...]] = endpoints.API_VERSIONS
    created_status: ClassVar[int] = 200
    seconds: ClassVar[Seconds] = Seconds(create=20)
    references: ClassVar[tuple[str, ...]] = ("properties.networkAcls.virtualNetworkRules[*].id",)

    def check(self, write: Write) -> None:
        """The name's own error codes, subnets of the firewall, and what is fixed at creation."""
        acls = write.properties.get("networkAcls") or {}
        service_endpoints.require(write.ctx, acls, "Microsoft.Storage", "NetworkAclsValidationFailure")
        name = write.id.name
        if write.old is None:
            if re.fullmatch(NAME, name) is None:
                raise bad_request(
                    "AccountNameInvalid", f"{name} is not a valid storage account name. {WORDS}", target="name"
                )
            if _taken(write.ctx, name):
                raise conflict(
                    "StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.", target="name"
                )
            return
        for path in FIXED:
            given, before = write.properties.get(path), write.old_properties.get(path)
            if given is not None and given != (
                before if before is not None else {"dnsEndpointType": "Standard"}.get(path, False)
            ):
                raise conflict(
                    "AccountPropertyCannotBeUpdated",
                    f"The property '{path}' was specified in the input, but it cannot be updated.",
                    target=f"properties.{path}",
                )
            write.keep(path)
        before_kind, kind = write.old.body.get("kind"), write.body.get("kind")
        if before_kind != kind and not (kind == "StorageV2" and before_kind in ("Storage", "BlobStorage")):
            raise bad_request(
                "InvalidValuesForRequestParameters", f"An account of kind '{before_kind}' cannot become '{kind}'."
            )

    def fill(self, write: Write) -> None:
        """Defaults, creation times and what replication adds."""
        properties, body, now = write.properties, write.body, write.ctx.clock.stamp()
        body["sku"]["tier"] = "Premium" if body["sku"]["name"].startswith("Premium") else "Standard"
        for name, value in _defaults(body).items():
            if properties.get(name) is None:
                properties[name] = write.old_properties.get(name, value)
        acls = properties["networkAcls"]
        for name, value in (
            ("bypass", "AzureServices"),
            ("virtualNetworkRules", []),
            ("ipRules", []),
            ("defaultAction", "Allow"),
        ):
            acls.setdefault(name, value)
        for rule in acls["virtualNetworkRules"]:
            rule.setdefault("action", "Allow")
            rule["state"] = "Succeeded"
        properties["creationTime"] = write.old_properties.get("creationTime", now)
        properties["keyCreationTime"] = write.old_properties.get("keyCreationTime", dict.fromkeys(keys.NAMES, now))
        properties |= {"primaryLocation": body["location"], "statusOfPrimary": "available"}
        if "G" in body["sku"]["name"].partition("_")[2] and (pair := PAIRS.get(body["location"])):
            properties |= {"secondaryLocation": pair, "statusOfSecondary": "available"}

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With endpoints and private endpoint connections."""
        body = private_link.show(ctx, resource)
        computed: dict[str, Any] = {"primaryEndpoints": endpoints.of_account(ctx, resource)}
        computed["privateEndpointConnections"] = body["properties"].get("privateEndpointConnections", [])
        if resource.body["sku"]["name"] in ("Standard_RAGRS", "Standard_RAGZRS"):
            computed["secondaryEndpoints"] = endpoints.of_account(ctx, resource, secondary=True)
        return {**body, "properties": {**body["properties"], **computed}}

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Containers below services that no one ever wrote, and every blob."""
        for left in list(ctx.store.descendants(resource.id)):
            ctx.delete(left)
        ctx.store.database.execute("DELETE FROM blobs WHERE account = ?", (resource.name.lower(),))

    @action("listKeys")
    def list_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Both keys."""
        return Response(200, keys.listing(ctx, resource))

    @action("regenerateKey")
    def regenerate_key(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """A new key; the other one stays."""
        name = str(body.get("keyName", "")).lower()
        if name not in keys.NAMES:
            raise bad_request(
                "InvalidKeyName",
                f"keyName is '{body.get('keyName')}'; allowed: {', '.join(keys.NAMES)}.",
                target="keyName",
            )
        keys.regenerate(ctx, resource, name)
        return Response(200, keys.listing(ctx, resource))

    @action("ListAccountSas")
    def list_account_sas(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """An account SAS."""
        _require(body, "signedServices", "signedResourceTypes", "signedPermission", "signedExpiry")
        return Response(200, {"accountSasToken": keys.account_sas(ctx, resource, body)})

    @action("ListServiceSas")
    def list_service_sas(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """A SAS for one resource of one service."""
        _require(body, "canonicalizedResource")
        return Response(200, {"serviceSasToken": keys.service_sas(ctx, resource, body)})

    @route("POST", "/subscriptions/{subscriptionId}/providers/Microsoft.Storage/checkNameAvailability")
    def check_name(self, ctx: Context, _params: dict[str, str], body: dict[str, Any]) -> Response:
        """Whether an account could be created under a name."""
        name = str(body.get("name", ""))
        if re.fullmatch(NAME, name) is None:
            answer = {
                "nameAvailable": False,
                "reason": "AccountNameInvalid",
                "message": f"{name} is not a valid storage account name. {WORDS}",
            }
        elif _taken(ctx, name):
            answer = {
                "nameAvailable": False,
                "reason": "AlreadyExists",
                "message": f"The storage account named {name} is already taken.",
            }
        else:
            answer = {"nameAvailable": True}
        return Response(200, answer)


def _taken(ctx: Context, name: str) -> bool:
    return any(True for _ in ctx.store.of_type(StorageAccounts.type, name=name))


def _require(body: dict[str, Any], *names: str) -> None:
    for name in names:
        if not isinstance(body.get(name), str) or not body[name]:
            raise invalid_content(name, f"Required property '{name}' not found in JSON")


def _defaults(body: dict[str, Any]) -> dict[str, Any]:
    service = {"keyType": "Account", "enabled": True}
    found: dict[str, Any] = {
        "supportsHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "networkAcls": {},
        "encryption": {"services": {"blob": dict(service), "file": dict(service)}, "keySource": "Microsoft.Storage"},
    }
    if body["kind"] in ("StorageV2", "BlobStorage") and body["sku"]["tier"] == "Standard":
        found["accessTier"] = "Hot"
    return found
