# SPDX-License-Identifier: Apache-2.0
"""What Microsoft's clients ask before their first real call: cloud metadata, OpenID configuration, tokens.

Tokens are JWTs in shape only (`alg: none`): the emulator protects nothing and listens on 127.0.0.1 alone.
"""

from __future__ import annotations

import base64
import hmac
from typing import Any
from urllib.parse import parse_qsl, urlsplit

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
            version = request.query.get("api-version", "")
            return Response(200, _metadata(settings, version, public=is_public(request.base)))
        case ["msi", "token"]:
            return _managed_identity(request, settings, clock)
        case [tenant, *_, ".well-known", "openid-configuration"]:
            return Response(200, _openid(_base(request, settings), tenant))
        case [_, "oauth2", "v2.0", "token"] | [_, "oauth2", "token"] if request.method == "POST":
            return _client_credentials(request, settings, clock)
        case ["common", "discovery", "instance"]:
            return Response(
                200,
                {
                    "tenant_discovery_endpoint": f"{_base(request, settings)}/common/v2.0/.well-known/openid-configuration",
                    "metadata": [],
                },
            )
        case _:
            return None


def is_public(base: str) -> bool:
    """Whether a client came by the name of a public host, through the proxy, and not by the emulator's address."""
    return urlsplit(base).hostname not in ("127.0.0.1", "localhost")


def _base(request: Request, settings: Settings) -> str:
    """Where a client that came here finds the authority again: MSAL compares its answers with the host that it asked."""
    return request.base if is_public(request.base) else settings.https


def _metadata(settings: Settings, version: str, *, public: bool) -> Any:
    cloud = _public_cloud(settings) if public else _local_cloud(settings)
    # the Azure CLI asks for 2022-09-01 and wants one object; azure-ai-ml asks for 2019-05-01 and takes a list
    return cloud if version >= "2022-09-01" else [cloud]


def _public_cloud(settings: Settings) -> dict[str, Any]:
    """Azure's own names, all of which lead here through the proxy."""
    return {
        "name": "AzureCloud",
        "portal": "https://portal.azure.com/",
        "resourceManager": "https://management.azure.com/",
        "graph": "https://graph.windows.net/",
        "graphAudience": "https://graph.windows.net/",
        "microsoftGraphResourceId": "https://graph.microsoft.com/",
        "authentication": {
            "loginEndpoint": "https://login.microsoftonline.com/",
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": settings.identity.tenant_id,
            "identityProvider": "AAD",
        },
        "suffixes": {
            "storage": "core.windows.net",
            "keyVaultDns": "vault.azure.net",
            "acrLoginServer": "azurecr.io",
        },
    }


def _local_cloud(settings: Settings) -> dict[str, Any]:
    return {
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


def _openid(base: str, tenant: str) -> dict[str, Any]:
    authority = f"{base}/{tenant}"
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
