# SPDX-License-Identifier: Apache-2.0
"""A vault's objects: addresses, attributes and the versions of a secret, shared by ARM and the data plane.

A secret is one resource. Its versions, oldest first, are in `private["versions"]`, values included; nothing of a value is in the body.
"""

from __future__ import annotations

import uuid
from typing import Any

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import parent_not_found
from groundplan_emulator.store import Resource

VAULT = "Microsoft.KeyVault/vaults"
SECRET = "Microsoft.KeyVault/vaults/secrets"  # noqa: S105  (a type, no password)
KEY = "Microsoft.KeyVault/vaults/keys"
API_VERSIONS = ("2026-05-15",)
"""Versions of the installed azure-mgmt-keyvault besides those of the type table."""


def vault_uri(ctx: Context, name: str) -> str:
    """`https://127.0.0.1:port/vault/{name}/`: computed, as the port may differ after a restart."""
    return f"{ctx.settings.https}/vault/{name.lower()}/"


def vault_of(ctx: Context, object_id: str) -> Resource:
    """The vault that holds a secret or key."""
    parent = ResourceId.parse(object_id).parent_id
    found = ctx.get(parent)
    if found is None:
        raise parent_not_found(VAULT, parent)
    return found


def epoch(ctx: Context) -> int:
    """Now, as vaults count time: whole seconds."""
    return int(ctx.clock.now())


def new_version(
    ctx: Context, value: str, *, content_type: str | None, attributes: dict[str, Any], tags: dict[str, str]
) -> dict[str, Any]:
    """A version of a secret; `attributes` may carry `enabled`, `exp` and `nbf` (seconds since the epoch)."""
    now = epoch(ctx)
    kept = {name: attributes[name] for name in ("exp", "nbf") if attributes.get(name) is not None}
    return {
        "version": uuid.uuid4().hex,
        "value": value,
        "contentType": content_type,
        "tags": dict(tags),
        "attributes": {"enabled": attributes.get("enabled", True), **kept, "created": now, "updated": now},
    }


def versions(secret: Resource) -> list[dict[str, Any]]:
    """The versions of a secret, oldest first; the list itself, to be changed in place before `ctx.save`."""
    return secret.private.setdefault("versions", [])


def describe(secret: Resource) -> None:
    """Bring the ARM body of a secret in line with its current version."""
    current = versions(secret)[-1]
    secret.properties["attributes"] = dict(current["attributes"])
    secret.properties.pop("contentType", None)
    if current["contentType"] is not None:
        secret.properties["contentType"] = current["contentType"]
    secret.body["tags"] = dict(current["tags"])
