# SPDX-License-Identifier: Apache-2.0
"""The data plane of key vaults: secrets, their versions, deleted secrets. `https://127.0.0.1:<port>/vault/<name>/secrets/...`

Microsoft's `SecretClient` takes a vault's `vaultUri` as it is:

- Its first request has no token; the challenge names a resource whose host must be the end of the request's own host, from a dot on
  ("Authentication, requests and responses" of the Key Vault documentation). For `127.0.0.1:<port>` that is `0.0.1:<port>`.
- It takes the name of a secret out of its id, which must have two or three path segments. An id here writes the vault's part as one
  segment (`/vault%2F<name>%2Fsecrets/<secret>/<version>`), so that it parses and still leads to the secret.

Differs from Azure:
- every bearer token is good; access policies, roles and network rules keep nobody out
- `vault_url` of a parsed id lacks the vault's path; backup and restore, keys and certificates are not served
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.store import Deleted, Resource
from groundplan_emulator.types.key_vault import versions
from groundplan_emulator.types.key_vault.secrets import Secrets

PAGE = 25
VALUE_LIMIT = 25 * 1024
HELP = "For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182"


def handle(ctx: Context) -> Response:
    """Answer one request of the plane, or raise ArmError."""
    request = ctx.request
    _, _, name, *rest = request.path.split("/")
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        return _challenge(ctx)
    if "api-version" not in request.query:
        raise ArmError(400, "BadParameter", "api-version must be specified")
    vault = next(iter(ctx.store.of_type(versions.VAULT, name=name)), None)
    if vault is None:
        raise ArmError(404, "VaultNotFound", f"The key vault '{name}' was not found.")
    match request.method, [segment.lower() for segment in rest[:1]] + rest[1:]:
        case "GET", ["secrets"]:
            return _page(ctx, [_item(ctx, vault, secret) for secret in ctx.children(vault.id, versions.SECRET)])
        case "PUT", ["secrets", secret]:
            return _set(ctx, vault, secret)
        case "GET", ["secrets", secret, "versions"]:
            found = _secret(ctx, vault, secret)
            return _page(ctx, [_bundle(ctx, vault, found.name, item, value=False) for item in versions.versions(found)])
        case "GET", ["secrets", secret, *version]:
            return _get(ctx, vault, secret, "".join(version))
        case "PATCH", ["secrets", secret, *version]:
            return _update(ctx, vault, secret, "".join(version))
        case "DELETE", ["secrets", secret]:
            ctx.delete(_secret(ctx, vault, secret))
            return Response(200, _deleted_bundle(ctx, vault, _deleted(ctx, vault, secret)))
        case _, ["deletedsecrets", *_]:
            return _in_deleted(ctx, vault, rest[1:])
        case method, _:
            raise ArmError(405, "MethodNotAllowed", f"{method} {request.path} is not served by this key vault.")


def _in_deleted(ctx: Context, vault: Resource, rest: list[str]) -> Response:
    match ctx.request.method, rest:
        case "GET", []:
            prefix = f"{vault.key}/"
            found = [gone for gone in ctx.store.deleted(versions.SECRET) if gone.id.lower().startswith(prefix)]
            return _page(ctx, [_deleted_bundle(ctx, vault, gone, value=False) for gone in found])
        case "GET", [secret]:
            return Response(200, _deleted_bundle(ctx, vault, _deleted(ctx, vault, secret)))
        case "DELETE", [secret]:
            return _purge(ctx, vault, _deleted(ctx, vault, secret))
        case "POST", [secret, "recover"]:
            return _recover(ctx, vault, _deleted(ctx, vault, secret))
        case method, _:
            raise ArmError(405, "MethodNotAllowed", f"{method} {ctx.request.path} is not served by this key vault.")


def _challenge(ctx: Context) -> Response:
    host = ctx.request.headers.get("host", "127.0.0.1")
    authority = f"{ctx.settings.https}/{ctx.settings.identity.tenant_id}"
    challenge = f'Bearer authorization="{authority}", resource="https://{host.partition(".")[2] or host}"'
    message = "AKV10000: Request is missing a Bearer or PoP token."
    return Response(401, {"error": {"code": "Unauthorized", "message": message}}, {"WWW-Authenticate": challenge})


# -- live secrets


def _secret(ctx: Context, vault: Resource, name: str) -> Resource:
    found = ctx.get(f"{vault.id}/secrets/{name}")
    if found is None:
        raise _not_found(name)
    return found


def _not_found(name: str) -> ArmError:
    return ArmError(
        404,
        "SecretNotFound",
        f"A secret with (name/id) {name} was not found in this key vault. If you recently deleted this secret you may be able to"
        f" recover it using the correct recovery command. {HELP}",
    )


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
        id_ = f"{vault.id}/secrets/{name}"
        body_ = {"id": id_, "name": name, "type": versions.SECRET, "location": vault.body["location"], "properties": {}}
        secret = Resource(id_, versions.SECRET, name, body_)
    made = versions.new_version(
        ctx,
        value,
        content_type=body.get("contentType"),
        attributes=body.get("attributes") or {},
        tags=body.get("tags") or {},
    )
    versions.versions(secret).append(made)
    versions.describe(secret)
    ctx.save(secret)
    return Response(200, _bundle(ctx, vault, secret.name, made))


def _check_name(name: str) -> None:
    rule = Secrets.name_rule
    if rule is not None:
        try:
            rule.check(versions.SECRET, name)
        except ArmError as error:
            raise ArmError(400, "BadParameter", error.message) from None


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
        raise _not_found(f"{secret.name}/{version}")
    return found


def _get(ctx: Context, vault: Resource, name: str, version: str) -> Response:
    secret = _secret(ctx, vault, name)
    found = _version(secret, version)
    if not found["attributes"]["enabled"]:
        raise ArmError(403, "Forbidden", "Operation get is not allowed on a disabled secret.")
    return Response(200, _bundle(ctx, vault, secret.name, found))


def _update(ctx: Context, vault: Resource, name: str, version: str) -> Response:
    secret, change = _secret(ctx, vault, name), ctx.request.json_object()
    found = _version(secret, version)
    if change.get("contentType") is not None:
        found["contentType"] = change["contentType"]
    if change.get("tags") is not None:
        found["tags"] = change["tags"]
    given: dict[str, Any] = change.get("attributes") or {}
    settable = {key: given[key] for key in ("enabled", "exp", "nbf") if given.get(key) is not None}
    found["attributes"] = {**found["attributes"], **settable, "updated": versions.epoch(ctx)}
    versions.describe(secret)
    ctx.save(secret)
    return Response(200, _bundle(ctx, vault, secret.name, found, value=False))


# -- deleted secrets


def _deleted(ctx: Context, vault: Resource, name: str) -> Deleted:
    found = ctx.store.deleted(versions.SECRET, key=f"{vault.id}/secrets/{name}")
    if not found:
        raise ArmError(
            404,
            "SecretNotFound",
            f"A secret with (name/id) {name} is not among the deleted secrets of this vault. {HELP}",
        )
    return found[0]


def _purge(ctx: Context, vault: Resource, gone: Deleted) -> Response:
    if vault.properties.get("enablePurgeProtection"):
        raise ArmError(403, "Forbidden", "Operation purge is not allowed: purge protection is enabled for this vault.")
    ctx.store.exhume(gone.id)
    return Response(204)


def _recover(ctx: Context, vault: Resource, gone: Deleted) -> Response:
    secret = Resource(gone.id, versions.SECRET, gone.body["name"], gone.body, "", gone.private)
    ctx.save(secret)
    ctx.store.exhume(gone.id)
    return Response(200, _bundle(ctx, vault, secret.name, versions.versions(secret)[-1], value=False))


# -- answers


def _address(ctx: Context, vault: Resource, collection: str, *names: str) -> str:
    return "/".join([f"{ctx.settings.https}/vault%2F{vault.name.lower()}%2F{collection}", *names])


def _bundle(
    ctx: Context, vault: Resource, name: str, version: dict[str, Any], *, value: bool = True, versioned: bool = True
) -> dict[str, Any]:
    days, guarded = vault.properties["softDeleteRetentionInDays"], vault.properties.get("enablePurgeProtection")
    level = ("" if days == 90 else "Customized") + "Recoverable" + ("" if guarded else "+Purgeable")
    names = (name, version["version"]) if versioned else (name,)
    body: dict[str, Any] = {
        "id": _address(ctx, vault, "secrets", *names),
        "attributes": {**version["attributes"], "recoveryLevel": level, "recoverableDays": days},
        "tags": version["tags"],
    }
    if version["contentType"] is not None:
        body["contentType"] = version["contentType"]
    if value:
        body["value"] = version["value"]
    return body


def _item(ctx: Context, vault: Resource, secret: Resource) -> dict[str, Any]:
    return _bundle(ctx, vault, secret.name, versions.versions(secret)[-1], value=False, versioned=False)


def _deleted_bundle(ctx: Context, vault: Resource, gone: Deleted, *, value: bool = True) -> dict[str, Any]:
    name, current = gone.body["name"], gone.private["versions"][-1]
    return {
        **_bundle(ctx, vault, name, current, value=False, versioned=value),
        "recoveryId": _address(ctx, vault, "deletedsecrets", name),
        "deletedDate": int(gone.deleted_at),
        "scheduledPurgeDate": int(gone.purge_at),
    }


def _page(ctx: Context, items: Iterable[dict[str, Any]]) -> Response:
    """`maxresults` items (at most 25), with `nextLink` while there are more, null at the end."""
    query, found = ctx.request.query, list(items)
    wanted, skip = query.get("maxresults", ""), query.get("$skiptoken", "")
    if wanted and not (wanted.isdigit() and 1 <= int(wanted) <= PAGE):
        raise ArmError(400, "BadParameter", f"maxresults is '{wanted}'; allowed: 1 to {PAGE}.")
    size, start = int(wanted or PAGE), int(skip) if skip.isdigit() else 0
    body: dict[str, Any] = {"value": found[start : start + size], "nextLink": None}
    if start + size < len(found):
        more = urlencode({**query, "$skiptoken": str(start + size)})
        body["nextLink"] = f"{ctx.request.base}{quote(ctx.request.path)}?{more}"
    return Response(200, body)
