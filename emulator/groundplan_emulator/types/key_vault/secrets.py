# SPDX-License-Identifier: Apache-2.0
"""Secrets as ARM sees them: the value goes in and never comes out."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Deleted, Resource
from groundplan_emulator.types.key_vault import versions

DAY = 24 * 3600.0


class Secrets(ArmType):
    """Microsoft.KeyVault/vaults/secrets: each PUT with a value is a new version; the data plane serves the same secrets.

    Differs from Azure:
    - DELETE soft-deletes the secret as the data plane does; Azure's ARM plane has no such call
    """

    type: ClassVar[str] = versions.SECRET
    api_versions: ClassVar[tuple[str, ...]] = versions.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NameRule(r"[A-Za-z0-9-]{1,127}", "1 to 127 letters, digits and hyphens")

    def check(self, write: Write) -> None:
        """A first version needs a value and a name that no soft-deleted secret holds."""
        if write.old is None and write.ctx.store.deleted(self.type, key=write.id.id):
            raise conflict(
                "Conflict",
                f"Secret {write.id.name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state,"
                " the secret can only be recovered or purged.",
            )
        if write.old is None and not isinstance(write.properties.get("value"), str):
            raise bad_request("BadParameter", "A secret needs a value.", target="properties.value")

    def fill(self, write: Write) -> None:
        """Move the value into a version of its own; a write without one changes the current version."""
        properties = write.properties
        value, attributes = properties.pop("value", None), properties.get("attributes") or {}
        kept: list[dict[str, Any]] = list(write.private.get("versions", []))
        content_type, tags = properties.get("contentType"), write.body.get("tags") or {}
        if value is None and kept:
            attributes = {**kept[-1]["attributes"], **attributes}
        fresh = versions.new_version(
            write.ctx, value or "", content_type=content_type, attributes=attributes, tags=tags
        )
        if value is None and kept:
            current = kept.pop()
            fresh |= {"version": current["version"], "value": current["value"]}
            fresh["attributes"]["created"] = current["attributes"]["created"]
        kept.append(fresh)
        write.private["versions"] = kept
        write.body["location"] = versions.vault_of(write.ctx, write.id.id).body["location"]
        described = Resource(write.id.id, self.type, write.id.name, write.body, "", write.private)
        versions.describe(described)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the addresses on the data plane."""
        vault = ResourceId.parse(resource.id).names[0]
        uri = f"{versions.vault_uri(ctx, vault)}secrets/{resource.name}"
        current = versions.versions(resource)[-1]["version"]
        return {
            **resource.body,
            "properties": {**resource.properties, "secretUri": uri, "secretUriWithVersion": f"{uri}/{current}"},
        }

    def bury(self, ctx: Context, resource: Resource) -> None:
        """Wait for recovery, unless the vault itself is being deleted and keeps its secrets."""
        vault = versions.vault_of(ctx, resource.id)
        if ctx.store.deleted(versions.VAULT, key=vault.id):
            return
        now, days = ctx.clock.now(), vault.properties["softDeleteRetentionInDays"]
        ctx.store.bury(
            Deleted(
                resource.id,
                self.type,
                resource.name,
                vault.body["location"],
                now,
                now + days * DAY,
                resource.body,
                resource.private,
            )
        )
