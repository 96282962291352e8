# SPDX-License-Identifier: Apache-2.0
"""Account keys and what is signed with them. Keys are derived, never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.store import Resource

NAMES = ("key1", "key2")
SAS_VERSION = "2020-10-02"


def value(ctx: Context, account: Resource, name: str) -> str:
    """A key, base64. It depends on when the account was made and on how often the key was regenerated."""
    turns = account.private.get("regenerated", {}).get(name, 0)
    parts = ("storage", account.key, account.properties["creationTime"], name, str(turns))
    return base64.b64encode(ctx.secret(*parts, size=64)).decode()


def listing(ctx: Context, account: Resource) -> dict[str, Any]:
    """What listKeys answers."""
    made = account.properties["keyCreationTime"]
    keys = [
        {"keyName": name, "value": value(ctx, account, name), "permissions": "FULL", "creationTime": made[name]}
        for name in NAMES
    ]
    return {"keys": keys}


def regenerate(ctx: Context, account: Resource, name: str) -> None:
    """A new key under an old name."""
    turns = account.private.setdefault("regenerated", {})
    turns[name] = turns.get(name, 0) + 1
    account.properties["keyCreationTime"] = {**account.properties["keyCreationTime"], name: ctx.clock.stamp()}
    ctx.save(account)


def _sign(ctx: Context, account: Resource, name: str, lines: list[str]) -> str:
    if name not in NAMES:
        raise bad_request("InvalidKeyName", f"keyToSign is '{name}'; allowed: {', '.join(NAMES)}.", target="keyToSign")
    secret = base64.b64decode(value(ctx, account, name))
    return base64.b64encode(hmac.digest(secret, "\n".join(lines).encode(), hashlib.sha256)).decode()


def account_sas(ctx: Context, account: Resource, asked: dict[str, Any]) -> str:
    """An account SAS token. Source of the string to sign: "Create an account SAS" of the storage documentation."""
    asked = {name: str(value) for name, value in asked.items()}
    fields = {
        "sv": SAS_VERSION,
        "ss": asked["signedServices"],
        "srt": asked["signedResourceTypes"],
        "sp": asked["signedPermission"],
        "st": asked.get("signedStart", ""),
        "se": asked["signedExpiry"],
        "sip": asked.get("signedIp", ""),
        "spr": asked.get("signedProtocol", ""),
    }
    order = ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv")
    lines = [account.name, *(fields[field] for field in order), ""]
    return _token(fields, _sign(ctx, account, asked.get("keyToSign", NAMES[0]), lines))


def service_sas(ctx: Context, account: Resource, asked: dict[str, Any]) -> str:
    """A service SAS token for one blob, container, file or share: "Create a service SAS" of the storage documentation."""
    asked = {name: str(value) for name, value in asked.items()}
    fields = {
        "sv": SAS_VERSION,
        "sr": asked.get("signedResource", ""),
        "sp": asked.get("signedPermission", ""),
        "st": asked.get("signedStart", ""),
        "se": asked.get("signedExpiry", ""),
        "sip": asked.get("signedIp", ""),
        "spr": asked.get("signedProtocol", ""),
        "si": asked.get("signedIdentifier", ""),
    }
    head = [
        fields["sp"],
        fields["st"],
        fields["se"],
        asked["canonicalizedResource"],
        fields["si"],
        fields["sip"],
        fields["spr"],
    ]
    headers = [str(asked.get(name, "")) for name in ("rscc", "rscd", "rsce", "rscl", "rsct")]
    lines = [*head, fields["sv"], fields["sr"], "", *headers]
    return _token(fields, _sign(ctx, account, asked.get("keyToSign", NAMES[0]), lines))


def container_sas(ctx: Context, account: Resource, container: str, *, permissions: str, seconds: float) -> str:
    """A SAS token for a container, for a while: of the account's key, or of the caller's delegation where keys are off."""
    until = datetime.fromtimestamp(ctx.clock.now() + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if account.properties.get("allowSharedKeyAccess") is not False:
        asked = {
            "canonicalizedResource": f"/blob/{account.name}/{container}",
            "signedResource": "c",
            "signedPermission": permissions,
            "signedExpiry": until,
        }
        return service_sas(ctx, account, asked)
    identity = ctx.settings.identity
    fields = {
        "sv": SAS_VERSION,
        "sr": "c",
        "sp": permissions,
        "se": until,
        "skoid": identity.principal_id,
        "sktid": identity.tenant_id,
    }
    signature = base64.b64encode(ctx.secret("delegation", account.key, container, until)).decode()
    return _token(fields, signature)


def _token(fields: dict[str, str], signature: str) -> str:
    return urlencode({name: text for name, text in fields.items() if text} | {"sig": signature})
