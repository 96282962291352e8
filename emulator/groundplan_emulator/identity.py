# SPDX-License-Identifier: Apache-2.0
"""What Microsoft's clients ask before their first real call: cloud metadata, OpenID configuration, tokens.

Tokens are JWTs in shape only (`alg: none`): the emulator protects nothing and listens on 127.0.0.1 alone.
"""

from __future__ import annotations

import base64
import hmac
from typing import Any
from urllib.parse import parse_qsl

import orjson

from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Request, Response
from groundplan_emulator.clock import Clock
from groundplan_emulator.settings import Settings

LIFETIME = 24 * 3600
STORAGE_SUFFIX = "core.local"


def answer(request: Request, settings: Settings, clock: Clock) -> Response | None:
    """The answer to an identity request, or None when the path is not one."""
    segments = request.path.strip("/").split("/")
    match [segment.lower() for segment in segments]:
        case ["metadata", "endpoints"]:
            return Response(200, _metadata(settings, request.query.get("api-version", "")))
        case ["msi", "token"]:
            return _managed_identity(request, settings, clock)
        case [tenant, *_, ".well-known", "openid-configuration"]:
            return Response(200, _openid(settings, tenant))
        case [_, "oauth2", "v2.0", "token"] | [_, "oauth2", "token"] if request.method == "POST":
            return _client_credentials(request, settings, clock)
        case ["common", "discovery", "instance"]:
            return Response(
                200,
                {
                    "tenant_discovery_endpoint": f"{settings.https}/common/v2.0/.well-known/openid-configuration",
                    "metadata": [],
                },
            )
        case _:
            return None


def _metadata(settings: Settings, version: str) -> Any:
    cloud = {
        "name": "LocalCloud",
        "portal": "https://portal.azure.local/",
        "resourceManager": f"{settings.https}/",
        "graph": f"{settings.https}/graph/",
        "graphAudience": f"{settings.https}/graph/",
        "microsoftGraphResourceId": f"{settings.https}/graph/",
        "authentication": {
            "loginEndpoint": f"{settings.https}/",
            "audiences": ["https://management.azure.com/", "https://management.core.windows.net/"],
            "tenant": settings.identity.tenant_id,
            "identityProvider": "AAD",
        },
        "suffixes": {
            "storage": STORAGE_SUFFIX,
            "keyVaultDns": f"vault.{STORAGE_SUFFIX}",
            "acrLoginServer": "azurecr.local",
        },
    }
    # the Azure CLI asks for 2022-09-01 and wants one object; azure-ai-ml asks for 2019-05-01 and takes a list
    return cloud if version >= "2022-09-01" else [cloud]


def _openid(settings: Settings, tenant: str) -> dict[str, Any]:
    authority = f"{settings.https}/{tenant}"
    return {
        "issuer": f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def _managed_identity(request: Request, settings: Settings, clock: Clock) -> Response:
    given = request.headers.get("x-identity-header", request.headers.get("secret", ""))
    if not hmac.compare_digest(given.encode(), settings.identity.identity_header.encode()):
        raise ArmError(401, "unauthorized_client", "The header X-IDENTITY-HEADER does not match IDENTITY_HEADER.")
    resource = request.query.get("resource")
    if not resource:
        raise ArmError(400, "invalid_request", "The query parameter 'resource' is required.")
    body = {
        "access_token": token(settings, clock, resource),
        "expires_on": str(int(clock.now()) + LIFETIME),
        "resource": resource,
        "token_type": "Bearer",
    }
    return Response(200, body)


def _client_credentials(request: Request, settings: Settings, clock: Clock) -> Response:
    form = dict(parse_qsl(request.content.decode()))
    scope = form.get("scope", form.get("resource", "https://management.azure.com/.default"))
    audience = scope.split(" ")[0].removesuffix("/.default")
    body = {
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "ext_expires_in": LIFETIME,
        "access_token": token(settings, clock, audience, client=form.get("client_id")),
    }
    return Response(200, body)


def token(settings: Settings, clock: Clock, audience: str, *, client: str | None = None) -> str:
    """An unsigned JWT for any audience, with the claims that SDKs read (`aud`, `tid`, `oid`, `exp`)."""
    now, identity = int(clock.now()), settings.identity
    claims = {
        "aud": audience,
        "iss": f"{settings.https}/{identity.tenant_id}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "tid": identity.tenant_id,
        "oid": identity.principal_id,
        "sub": identity.principal_id,
        "appid": client or identity.guid("client", identity.principal_id),
        "idtyp": "app",
    }
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.{_part({'unsigned': True})}"


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()
