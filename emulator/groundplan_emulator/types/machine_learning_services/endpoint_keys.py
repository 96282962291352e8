# SPDX-License-Identifier: Apache-2.0
"""Keys and tokens of online and batch endpoints, derived rather than stored."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import user_error

KEYS = "properties.keys"
HOUR = 3600


class EndpointKeys:
    """Key actions, mixed into the endpoint types."""

    @action("listKeys")
    def list_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Both keys of an endpoint that authenticates with keys."""
        _require(resource, "Key")
        return Response(200, {f"{which}Key": key(ctx, resource, which) for which in ("primary", "secondary")})

    @action("regenerateKeys")
    def regenerate_keys(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """A new key, or the one that is given."""
        _require(resource, "Key")
        which = str(body.get("keyType", "")).lower()
        if which not in ("primary", "secondary"):
            raise user_error(f"keyType must be 'Primary' or 'Secondary', not '{body.get('keyType')}'.", "keyType")
        chosen = resource.private.setdefault(KEYS, {})
        chosen.pop(f"{which}Key", None)
        # azure-ai-ml sends the current key along with keyType to ask for a new one
        given = body.get("keyValue")
        if given and given != key(ctx, resource, which):
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
            "accessToken": ctx.secret("endpoint token", resource.key, str(now)).hex(),
            "expiryTimeUtc": now + 8 * HOUR,
            "refreshAfterTimeUtc": now + 4 * HOUR,
            "tokenType": "Bearer",
        }
        return Response(200, body)


def key(ctx: Context, resource: Resource, which: str) -> str:
    """The primary or secondary key of an endpoint."""
    chosen: str | None = resource.private.get(KEYS, {}).get(f"{which}Key")
    generation = str(resource.private.get("generation", {}).get(which, 0))
    born = str(resource.private.get("born", ""))
    return chosen or ctx.secret("endpoint key", resource.key, born, which, generation).hex()


def _require(resource: Resource, mode: str) -> None:
    actual = str(resource.properties.get("authMode"))
    if actual.lower() != mode.lower():
        raise user_error(
            f"Endpoint '{resource.name}' authenticates with '{actual}', not with '{mode}'.", "properties.authMode"
        )
