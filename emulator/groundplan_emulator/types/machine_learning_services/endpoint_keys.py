# SPDX-License-Identifier: Apache-2.0
"""Keys and tokens of online and batch endpoints, derived rather than stored.

A token of an endpoint is a JWT (RFC 7519) signed with HS256 and a secret of the endpoint, so that it is verified without being kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, Final

import orjson

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import action
from groundplan_emulator.settings import Identity
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import user_error

KEYS = "properties.keys"
BOTH: Final = ("primary", "secondary")
HOUR = 3600
LIFETIME, REFRESH = 8 * HOUR, 4 * HOUR
_HEADER: Final = {"alg": "HS256", "typ": "JWT"}


class EndpointKeys:
    """Key actions, mixed into the endpoint types."""

    @action("listKeys")
    def list_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Both keys of an endpoint that authenticates with keys."""
        _require(resource, "Key")
        return Response(200, {f"{which}Key": key(ctx, resource, which) for which in BOTH})

    @action("regenerateKeys")
    def regenerate_keys(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """A new key, or the one that is given. The old one is refused from now on."""
        _require(resource, "Key")
        which = str(body.get("keyType", "")).lower()
        if which not in BOTH:
            raise user_error(f"keyType must be 'Primary' or 'Secondary', not '{body.get('keyType')}'.", "keyType")
        chosen = resource.private.setdefault(KEYS, {})
        # azure-ai-ml sends the current key along with keyType to ask for a new one
        given = body.get("keyValue")
        another = bool(given) and not hmac.compare_digest(str(given).encode(), key(ctx, resource, which).encode())
        chosen.pop(f"{which}Key", None)
        if another:
            chosen[f"{which}Key"] = given
        else:
            counters = resource.private.setdefault("generation", {})
            counters[which] = counters.get(which, 0) + 1
        ctx.save(resource)
        return Response(200)

    @action("token")
    def token(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """A token of an endpoint that authenticates with the service's tokens."""
        _require(resource, "AMLToken")
        now = int(ctx.clock.now())
        body = {
            "accessToken": issue_token(ctx.settings.identity, resource, now),
            "expiryTimeUtc": now + LIFETIME,
            "refreshAfterTimeUtc": now + REFRESH,
            "tokenType": "Bearer",
        }
        return Response(200, body)


def key(ctx: Context, resource: Resource, which: str) -> str:
    """The primary or secondary key of an endpoint."""
    return derived(ctx.settings.identity, resource, which)


def derived(identity: Identity, resource: Resource, which: str) -> str:
    """The same, outside of a transaction."""
    chosen: str | None = resource.private.get(KEYS, {}).get(f"{which}Key")
    generation = str(resource.private.get("generation", {}).get(which, 0))
    return chosen or identity.derive("endpoint key", resource.key, _born(resource), which, generation).hex()


def issue_token(identity: Identity, resource: Resource, now: int) -> str:
    """A token that scores at one endpoint for `LIFETIME` seconds from `now`."""
    claims = {"iss": "azureml", "aud": resource.id, "iat": now, "nbf": now, "exp": now + LIFETIME}
    signed = f"{_encoded(orjson.dumps(_HEADER))}.{_encoded(orjson.dumps(claims))}"
    return f"{signed}.{_encoded(_signature(identity, resource, signed))}"


def wrong_token(identity: Identity, resource: Resource, token: str, now: float) -> str:
    """What is wrong with a token of an endpoint, in words; empty where nothing is."""
    signed, _, signature = token.rpartition(".")
    expected = _encoded(_signature(identity, resource, signed))
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return f"the token was not issued by endpoint '{resource.name}'"
    # signed by us, hence well-formed
    claims: dict[str, Any] = orjson.loads(_decoded(signed.partition(".")[2]))
    return "" if now < claims["exp"] else "the token is expired"


def _signature(identity: Identity, resource: Resource, signed: str) -> bytes:
    secret = identity.derive("endpoint token", resource.key, _born(resource))
    return hmac.digest(secret, signed.encode(), hashlib.sha256)


def _born(resource: Resource) -> str:
    """An endpoint that is made again has other keys."""
    return str(resource.private.get("born", ""))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _require(resource: Resource, mode: str) -> None:
    actual = str(resource.properties.get("authMode"))
    if actual.lower() != mode.lower():
        raise user_error(
            f"Endpoint '{resource.name}' authenticates with '{actual}', not with '{mode}'.", "properties.authMode"
        )
