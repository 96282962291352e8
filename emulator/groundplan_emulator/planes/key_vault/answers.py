# SPDX-License-Identifier: Apache-2.0
"""What the plane answers: bundles, lists in pages, refusals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.store import Deleted, Resource
from groundplan_emulator.types.key_vault import versions

PAGE = 25
HELP = "For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182"


def not_found(name: str) -> ArmError:
    """404 for a secret that is not there."""
    return ArmError(
        404,
        "SecretNotFound",
        f"A secret with (name/id) {name} was not found in this key vault. If you recently deleted this secret you may be able to"
        f" recover it using the correct recovery command. {HELP}",
    )


def _address(ctx: Context, vault: Resource, collection: str, *names: str) -> str:
    return "/".join([f"{ctx.settings.https}/vault%2F{vault.name.lower()}%2F{collection}", *names])


def bundle(
    ctx: Context, vault: Resource, name: str, version: dict[str, Any], *, value: bool = True, versioned: bool = True
) -> dict[str, Any]:
    """One version of a secret as the plane answers it; with its value where that is asked for."""
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


def item(ctx: Context, vault: Resource, secret: Resource) -> dict[str, Any]:
    """A secret in a list: its current version, under the address without one."""
    return bundle(ctx, vault, secret.name, versions.versions(secret)[-1], value=False, versioned=False)


def deleted_bundle(ctx: Context, vault: Resource, gone: Deleted, *, value: bool = True) -> dict[str, Any]:
    """A deleted secret: when it was deleted, until when it can be recovered."""
    name, current = gone.body["name"], gone.private["versions"][-1]
    return {
        **bundle(ctx, vault, name, current, value=False, versioned=value),
        "recoveryId": _address(ctx, vault, "deletedsecrets", name),
        "deletedDate": int(gone.deleted_at),
        "scheduledPurgeDate": int(gone.purge_at),
    }


def page(ctx: Context, items: Iterable[dict[str, Any]]) -> Response:
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


def unserved(ctx: Context) -> ArmError:
    """405 for what the plane does not do."""
    return ArmError(
        405, "MethodNotAllowed", f"{ctx.request.method} {ctx.request.path} is not served by this key vault."
    )
