# SPDX-License-Identifier: Apache-2.0
"""Keys as ARM sees them: made once, then only read."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import paths
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.key_vault import versions

OPERATIONS = {
    "RSA": ["sign", "verify", "wrapKey", "unwrapKey", "encrypt", "decrypt"],
    "EC": ["sign", "verify"],
    "oct": ["wrapKey", "unwrapKey", "encrypt", "decrypt"],
}
OWN_ATTRIBUTES = ("created", "updated", "recoveryLevel")
RSA_SIZES = (2048, 3072, 4096)


class Keys(ArmType):
    """Microsoft.KeyVault/vaults/keys: a PUT makes the first version; a later PUT answers what is there and changes nothing.

    Differs from Azure:
    - there is no key material and no data plane for keys; a key is an address with attributes
    - DELETE removes the key for good; Azure's ARM plane has no such call
    """

    type: ClassVar[str] = versions.KEY
    api_versions: ClassVar[tuple[str, ...]] = versions.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NameRule(r"[A-Za-z0-9-]{1,127}", "1 to 127 letters, digits and hyphens")
    created_status: ClassVar[int] = 200

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """Attributes that only the vault sets come back with every read; the published schema does not name them."""
        attributes = paths.read(body, "properties.attributes")
        for name in OWN_ATTRIBUTES if isinstance(attributes, dict) else ():
            attributes.pop(name, None)
        return body

    def check(self, write: Write) -> None:
        """Key type and size fit each other and the vault's sku."""
        kind, size = write.properties.get("kty", "RSA"), write.properties.get("keySize")
        if kind.startswith("RSA") and size is not None and size not in RSA_SIZES:
            raise bad_request(
                "BadParameter", f"keySize is {size}; allowed for {kind}: {', '.join(map(str, RSA_SIZES))}."
            )
        vault = versions.vault_of(write.ctx, write.id.id)
        if kind.endswith("-HSM") and vault.properties["sku"]["name"].lower() != "premium":
            raise bad_request(
                "BadParameter",
                f"kty is '{kind}'; keys in hardware need a vault with sku 'premium'.",
                target="properties.kty",
            )

    def fill(self, write: Write) -> None:
        """Keep what is there; complete what is new."""
        if write.old is not None:
            write.body.clear()
            write.body.update(write.old.body)
            return
        properties, now = write.properties, versions.epoch(write.ctx)
        kind = properties.setdefault("kty", "RSA").removesuffix("-HSM")
        if kind == "RSA":
            properties.setdefault("keySize", 2048)
        if kind == "EC":
            properties.setdefault("curveName", "P-256")
        properties.setdefault("keyOps", OPERATIONS.get(kind, []))
        given = {name: value for name, value in (properties.get("attributes") or {}).items() if value is not None}
        properties["attributes"] = {
            "enabled": True,
            "exportable": False,
            **given,
            "created": now,
            "updated": now,
            "recoveryLevel": "Recoverable",
        }
        write.private["version"] = uuid.uuid4().hex
        write.body["location"] = versions.vault_of(write.ctx, write.id.id).body["location"]

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the addresses on the data plane."""
        uri = f"{versions.vault_uri(ctx, ResourceId.parse(resource.id).names[0])}keys/{resource.name}"
        addresses = {"keyUri": uri, "keyUriWithVersion": f"{uri}/{resource.private['version']}"}
        return {**resource.body, "properties": {**resource.properties, **addresses}}
