# SPDX-License-Identifier: Apache-2.0
"""Invoke: the SDK's `get*` and `list*` functions."""

import base64
import json
import re
from typing import Any

from groundplan_arm import Function, body
from groundplan_provider.errors import ArmError, ProviderError
from groundplan_provider.secrecy import mark_listed
from groundplan_provider.session import Session
from groundplan_provider.values import Properties, Secret, reveal

_GIVES_SECRETS = re.compile(r"Key|Secret|Credential|Token|SAS|Password")


def invoke(session: Session, token: str, args: Properties) -> Properties:
    """The result of a function. Raises `UnknownType` for a token outside the table, `ProviderError` when Azure has no answer."""
    function = session.catalog.function(token)
    if function.kind == "client_config":
        return _client_token(session) if token.endswith("getClientToken") else _client_config(session)
    plain = reveal({name: value for name, value in args.items() if value is not None})
    try:
        path = function.url_path(plain, subscription_id=session.settings.subscription_id)
    except ValueError as error:
        raise ProviderError(str(error)) from None
    answer = _call(session, function, path, plain)
    return _guarded(function, body.results_from_arm(function, answer if isinstance(answer, dict) else {}))


def _call(session: Session, function: Function, path: str, args: Properties) -> Any:
    payload = function.body(args) if function.method == "POST" else None
    try:
        return session.client.send(function.method, path, function.api_version, body=payload).body
    except ArmError as error:
        if error.status == 404:
            raise ProviderError(f"{function.token}: {path} does not exist ({error.code}: {error.message})") from None
        raise


def _guarded(function: Function, result: Properties) -> Properties:
    if function.of is not None and function.method == "GET":
        return mark_listed(result, function.of.secrets)
    if _GIVES_SECRETS.search(function.token):
        return {name: Secret(value) for name, value in result.items()}
    return result


def _client_config(session: Session) -> Properties:
    claims = _claims(session.client.token())
    return {
        "clientId": str(claims.get("appid", "")),
        "objectId": str(claims.get("oid", "")),
        "subscriptionId": session.settings.subscription_id,
        "tenantId": session.settings.tenant_id or str(claims.get("tid", "")),
    }


def _client_token(session: Session) -> Properties:
    return {"token": Secret(session.client.token())}


def _claims(token: str) -> dict[str, Any]:
    """The claims of an access token, unverified: they only tell who we are."""
    try:
        payload = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
