# SPDX-License-Identifier: Apache-2.0
"""Who may score: the keys of an endpoint, the tokens that it gave out, or tokens of the emulator's identity.

Differs from Azure:
- an Entra token is looked at, not verified: the emulator's identity signs nothing. Audience, tenant and times must be right
- words of refused tokens are assumed; those of refused keys are what Azure answers
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING, Any, Final

import orjson

from groundplan_emulator.types.machine_learning_services import endpoint_keys

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure
    from groundplan_emulator.ml.router.tables import Table
    from groundplan_emulator.settings import Identity

AUDIENCES: Final = frozenset({"https://ml.azure.com", "https://ml.azure.local", "18a66f5f-dbdf-4c17-9dd7-1634712a9cbe"})
"""What a token must be for: the service in the public cloud, in this one, and the service's application."""
_LEEWAY: Final = 300
"""Seconds that clocks may differ."""
_HOW: Final = {
    "key": "send 'Authorization: Bearer KEY' with a key of online_endpoints.get_keys()",
    "amltoken": "send 'Authorization: Bearer TOKEN' with the access_token of online_endpoints.get_keys(); it lives 8 hours",
    "aadtoken": "send 'Authorization: Bearer TOKEN' with a token for https://ml.azure.com/.default",
}


class UnauthorizedError(Exception):
    """`word` is Azure's; the message says what is wrong and how to mend it."""

    def __init__(self, word: str, message: str) -> None:
        super().__init__(message)
        self.word = word


def check(azure: Azure, table: Table, header: bytes) -> None:
    """Let a request with this `Authorization` header pass; UnauthorizedError. Never shows what was sent."""
    endpoint = table.resource
    mode = str(endpoint.properties.get("authMode", "Key")).lower()
    prefix = "key" if mode == "key" else "token"
    scheme, _, given = header.partition(b" ")
    given = given.strip()
    if scheme.lower() != b"bearer" or not given:
        what = "there is no Authorization header" if not header else "the Authorization header is no 'Bearer ...'"
        raise UnauthorizedError(f"{prefix}_auth_bad_header_forbidden", f"{what}; {_HOW[mode]}")
    wrong = _wrong_key(azure, table, given) if mode == "key" else _wrong_token(azure, table, mode, given)
    if wrong:
        raise UnauthorizedError(f"{prefix}_auth_access_denied", f"{wrong}; {_HOW[mode]}")


def _wrong_key(azure: Azure, table: Table, given: bytes) -> str:
    keys: tuple[bytes, bytes] | None = table.secrets.get("keys")
    if keys is None:
        identity = azure.settings.identity
        first, second = (endpoint_keys.derived(identity, table.resource, which) for which in endpoint_keys.BOTH)
        keys = table.secrets["keys"] = first.encode(), second.encode()
    # both are compared, so that the time tells nothing
    right = hmac.compare_digest(given, keys[0]) | hmac.compare_digest(given, keys[1])
    return "" if right else f"the key is neither the primary nor the secondary key of endpoint '{table.resource.name}'"


def _wrong_token(azure: Azure, table: Table, mode: str, given: bytes) -> str:
    now = azure.clock.now()
    if mode == "amltoken":
        return endpoint_keys.wrong_token(azure.settings.identity, table.resource, given.decode("latin-1"), now)
    return wrong_entra_token(azure.settings.identity, given, now)


def wrong_entra_token(identity: Identity, given: bytes, now: float) -> str:
    """What is wrong with a token of the emulator's identity for this service, now; '' for nothing."""
    claims = _claims(given)
    audience = str(claims.get("aud", "")).rstrip("/")
    if not claims:
        return "the token is no JWT"
    if audience not in AUDIENCES:
        return f"the token is for the audience '{audience}', not for https://ml.azure.com"
    if claims.get("tid") != identity.tenant_id:
        return "the token is of another tenant"
    starts, ends = (claims.get(name) for name in ("nbf", "exp"))
    if not isinstance(starts, int | float) or not isinstance(ends, int | float):
        return "the token does not say when it is valid"
    if not starts - _LEEWAY <= now < ends:
        return "the token is expired or not valid yet"
    return ""


def _claims(token: bytes) -> dict[str, Any]:
    parts = token.split(b".")
    if len(parts) != 3:
        return {}
    try:
        claims: Any = orjson.loads(base64.urlsafe_b64decode(parts[1] + b"=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}  # pyright: ignore[reportUnknownVariableType]
