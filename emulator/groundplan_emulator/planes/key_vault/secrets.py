# SPDX-License-Identifier: Apache-2.0
"""Live secrets and their versions."""

from __future__ import annotations

import base64
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.planes.key_vault import answers, deleted_secrets
from groundplan_emulator.store import Resource
from groundplan_emulator.types.key_vault import versions
from groundplan_emulator.types.key_vault.secrets import Secrets

VALUE_LIMIT = 25 * 1024


def handle(ctx: Context, vault: Resource, rest: list[str]) -> Response:
    """Answer a request below `/secrets`."""
    match ctx.request.method, rest:
        case "GET", []:
            return answers.page(
                ctx, [answers.item(ctx, vault, secret) for secret in ctx.children(vault.id, versions.SECRET)]
            )
        case "POST", ["restore"]:
            return _restore(ctx, vault)
        case "POST", [secret, "backup"]:
            return _backup(ctx, _secret(ctx, vault, secret))
        case "PUT", [secret]:
            return _set(ctx, vault, secret)
        case "GET", [secret, "versions"]:
            found = _secret(ctx, vault, secret)
            return answers.page(
                ctx, [answers.bundle(ctx, vault, found.name, item, value=False) for item in versions.versions(found)]
            )
        case "GET", [secret, *version]:
            return _get(ctx, vault, secret, "".join(version))
        case "PATCH", [secret, *version]:
            return _update(ctx, vault, secret, "".join(version))
        case "DELETE", [secret]:
            ctx.delete(_secret(ctx, vault, secret))
            return Response(200, answers.deleted_bundle(ctx, vault, deleted_secrets.find(ctx, vault, secret)))
        case _:
            raise answers.unserved(ctx)


def _secret(ctx: Context, vault: Resource, name: str) -> Resource:
    found = ctx.get(f"{vault.id}/secrets/{name}")
    if found is None:
        raise answers.not_found(name)
    return found


def _set(ctx: Context, vault: Resource, name: str) -> Response:
    body = ctx.request.json_object()
    value = body.get("value")
    _check_name(name)
    if not isinstance(value, str):
        raise ArmError(400, "BadParameter", "The request body must have a property 'value' that is a string.")
    if len(value.encode()) > VALUE_LIMIT:
        raise ArmError(400, "BadParameter", f"Secret value exceeds maximum length of {VALUE_LIMIT} bytes.")
    secret = ctx.get(f"{vault.id}/secrets/{name}")
    if secret is None:
        _refuse_deleted(ctx, vault, name)
        secret = _new(vault, name)
    made = versions.new_version(
        ctx,
        value,
        content_type=body.get("contentType"),
        attributes=_object(body, "attributes"),
        tags=_object(body, "tags"),
    )
    versions.versions(secret).append(made)
    versions.describe(secret)
    ctx.save(secret)
    return Response(200, answers.bundle(ctx, vault, secret.name, made))


def _new(vault: Resource, name: str) -> Resource:
    id_ = f"{vault.id}/secrets/{name}"
    body = {
        "id": id_,
        "name": name,
        "type": versions.SECRET,
        "location": vault.body["location"],
        "properties": {},
    }
    return Resource(id_, versions.SECRET, name, body)


def _check_name(name: str) -> None:
    rule = Secrets.name_rule
    if rule is not None:
        try:
            rule.check(versions.SECRET, name)
        except ArmError as error:
            raise ArmError(400, "BadParameter", error.message) from None


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An object of the body, empty when it is absent; 400 when it is something else."""
    given = body.get(name)
    if given is not None and not isinstance(given, dict):
        raise ArmError(400, "BadParameter", f"The property '{name}' must be an object.")
    return given or {}


def _refuse_deleted(ctx: Context, vault: Resource, name: str) -> None:
    if ctx.store.deleted(versions.SECRET, key=f"{vault.id}/secrets/{name}"):
        raise ArmError(
            409,
            "Conflict",
            f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret"
            " can only be recovered or purged.",
        )


def _version(secret: Resource, version: str) -> dict[str, Any]:
    known = versions.versions(secret)
    found = known[-1] if not version else next((item for item in known if item["version"] == version.lower()), None)
    if found is None:
        raise answers.not_found(f"{secret.name}/{version}")
    return found


def _get(ctx: Context, vault: Resource, name: str, version: str) -> Response:
    secret = _secret(ctx, vault, name)
    found = _version(secret, version)
    if not found["attributes"]["enabled"]:
        raise ArmError(403, "Forbidden", "Operation get is not allowed on a disabled secret.")
    return Response(200, answers.bundle(ctx, vault, secret.name, found))


def _update(ctx: Context, vault: Resource, name: str, version: str) -> Response:
    secret, change = _secret(ctx, vault, name), ctx.request.json_object()
    found = _version(secret, version)
    if change.get("contentType") is not None:
        found["contentType"] = change["contentType"]
    if change.get("tags") is not None:
        found["tags"] = _object(change, "tags")
    given: dict[str, Any] = _object(change, "attributes")
    settable = {key: given[key] for key in ("enabled", "exp", "nbf") if given.get(key) is not None}
    found["attributes"] = {**found["attributes"], **settable, "updated": versions.epoch(ctx)}
    versions.describe(secret)
    ctx.save(secret)
    return Response(200, answers.bundle(ctx, vault, secret.name, found, value=False))


def _box(ctx: Context) -> Fernet:
    """What a backup is locked with: any vault of this emulator opens it, nothing else does."""
    return Fernet(base64.urlsafe_b64encode(ctx.secret("vault backup")))


def _backup(ctx: Context, secret: Resource) -> Response:
    content = orjson.dumps({"name": secret.name, "versions": versions.versions(secret)})
    return Response(200, {"value": base64.urlsafe_b64encode(_box(ctx).encrypt(content)).rstrip(b"=").decode()})


def _restore(ctx: Context, vault: Resource) -> Response:
    given = str(ctx.request.json_object().get("value", ""))
    try:
        content = orjson.loads(_box(ctx).decrypt(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))))
    except (InvalidToken, ValueError):
        raise ArmError(400, "BadParameter", "The backup is malformed or comes from another vault service.") from None
    name = content["name"]
    if ctx.get(f"{vault.id}/secrets/{name}") is not None:
        raise ArmError(409, "Conflict", f"Secret {name} already exists in this vault.")
    _refuse_deleted(ctx, vault, name)
    secret = _new(vault, name)
    secret.private["versions"] = content["versions"]
    versions.describe(secret)
    ctx.save(secret)
    return Response(200, answers.bundle(ctx, vault, name, content["versions"][-1], value=False))
