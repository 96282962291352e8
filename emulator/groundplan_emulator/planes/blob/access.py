# SPDX-License-Identifier: Apache-2.0
"""Who may call: bearer tokens, shared keys and SAS tokens, as the account allows them.

Source: "Authorize with Shared Key" and "Create an account SAS" of the storage documentation.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import parse_qsl, quote

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.planes.blob import service_sas
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.storage import keys

SIGNED_HEADERS = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)


def check(ctx: Context, account: Resource, place: Place) -> None:
    """Refuse a request without credentials, with a key that the account does not take, or with a SAS that is over."""
    given, query = ctx.request.headers.get("authorization", ""), ctx.request.query
    scheme = given.partition(" ")[0].lower()
    if scheme == "bearer":
        return
    if scheme in ("sharedkey", "sharedkeylite"):
        _refuse_keys(account)
        if scheme == "sharedkey" and not _signed(ctx, account, given):
            raise _failed("The MAC signature found in the HTTP request is not the same as any computed signature.")
        return
    if "sig" in query:
        if "skoid" not in query:
            _refuse_keys(account)
        _check_sas(ctx, account, place)
        return
    if ctx.request.method in ("GET", "HEAD") and _public(ctx, account, place):
        return
    challenge = f"Bearer authorization_uri={ctx.settings.https}/{ctx.settings.identity.tenant_id} resource_id=https://storage.azure.com"
    raise ArmError(
        401,
        "NoAuthenticationInformation",
        "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
        headers={"WWW-Authenticate": challenge},
    )


def _refuse_keys(account: Resource) -> None:
    if account.properties.get("allowSharedKeyAccess") is False:
        raise ArmError(
            403,
            "KeyBasedAuthenticationNotPermitted",
            "Key based authentication is not permitted on this storage account.",
        )


def _failed(detail: str) -> ArmError:
    text = (
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly"
        " including the signature."
    )
    return ArmError(403, "AuthenticationFailed", f"{text} {detail}")


def _public(ctx: Context, account: Resource, place: Place) -> bool:
    container = ctx.get(f"{account.id}/blobServices/default/containers/{place.container}") if place.container else None
    level = container.properties.get("publicAccess") if container else None
    return level == "Container" or (level == "Blob" and bool(place.name))


def _check_sas(ctx: Context, account: Resource, place: Place) -> None:
    query = ctx.request.query
    end = query.get("se", "")
    if end and _seconds(end) <= ctx.clock.now():
        raise _failed(f"Signed expiry time [{end}] must be after signed start time and after now.")
    if "srt" in query and query["sig"] not in _account_signatures(ctx, account):
        raise _failed("Signature did not match.")
    if query.get("sr") in ("b", "c") and "skoid" not in query:
        signed = service_sas.texts(ctx, account, place)
        if not any(query["sig"] in _macs(ctx, account, text) for text in signed):
            raise _failed(f"Signature did not match. String to sign used was {signed[0]!r}.")
    if query.get("sr") in ("b", "c") and not service_sas.permits(ctx.request.method, query):
        raise ArmError(
            403,
            "AuthorizationPermissionMismatch",
            "This request is not authorized to perform this operation using this permission."
            f" (sp={query.get('sp', '')}, {ctx.request.method})",
        )


def _seconds(text: str) -> float:
    try:
        return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z").timestamp()
    except ValueError:
        raise _failed(f"The time [{text}] is not an ISO 8601 time.") from None


def _account_signatures(ctx: Context, account: Resource) -> set[str]:
    query = ctx.request.query
    order = ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv")
    lines = [account.name, *(query.get(field, "") for field in order)]
    if query.get("sv", "") >= "2020-12-06":
        lines.append(query.get("ses", ""))
    return _macs(ctx, account, "\n".join([*lines, ""]))


def _signed(ctx: Context, account: Resource, given: str) -> bool:
    name, _, signature = given.partition(" ")[2].rpartition(":")
    headers = ctx.request.headers
    lines = [ctx.request.method, *(headers.get(header, "") for header in SIGNED_HEADERS)]
    if lines[3] == "0":
        lines[3] = ""
    own = sorted((header, value) for header, value in headers.items() if header.startswith("x-ms-"))
    lines += [f"{header}:{value}" for header, value in own]
    query: dict[str, list[str]] = {}
    for key, value in parse_qsl(ctx.request.query_string, keep_blank_values=True):
        query.setdefault(key.lower(), []).append(value)
    said = [f"{key}:{','.join(sorted(values))}" for key, values in sorted(query.items())]
    path = ctx.request.path
    # the path may be signed as it was sent, or decoded; a client that came by the account's own host has no account in it
    short = f"/{path.lstrip('/').partition('/')[2]}"
    spellings = [each for way in (path, short) for each in (quote(way, safe="/()$=',~"), quote(way), way, f"{way}/")]
    texts = ("\n".join([*lines, f"/{name}{spelt}", *said]) for spelt in spellings)
    return any(signature in _macs(ctx, account, text) for text in texts)


def _macs(ctx: Context, account: Resource, text: str) -> set[str]:
    """What both keys of the account make of a text."""
    found: set[str] = set()
    for name in keys.NAMES:
        secret = base64.b64decode(keys.value(ctx, account, name))
        found.add(base64.b64encode(hmac.digest(secret, text.encode(), hashlib.sha256)).decode())
    return found
