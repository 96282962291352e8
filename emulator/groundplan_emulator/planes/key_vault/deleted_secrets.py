# SPDX-License-Identifier: Apache-2.0
"""Deleted secrets: list, get, recover, purge."""

from __future__ import annotations

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.planes.key_vault import answers
from groundplan_emulator.store import Deleted, Resource
from groundplan_emulator.types.key_vault import versions


def handle(ctx: Context, vault: Resource, rest: list[str]) -> Response:
    """Answer a request below `/deletedsecrets`."""
    match ctx.request.method, rest:
        case "GET", []:
            prefix = f"{vault.key}/"
            found = [gone for gone in ctx.store.deleted(versions.SECRET) if gone.id.lower().startswith(prefix)]
            return answers.page(ctx, [answers.deleted_bundle(ctx, vault, gone, value=False) for gone in found])
        case "GET", [secret]:
            return Response(200, answers.deleted_bundle(ctx, vault, find(ctx, vault, secret)))
        case "DELETE", [secret]:
            return _purge(ctx, vault, find(ctx, vault, secret))
        case "POST", [secret, "recover"]:
            return _recover(ctx, vault, find(ctx, vault, secret))
        case _:
            raise answers.unserved(ctx)


def find(ctx: Context, vault: Resource, name: str) -> Deleted:
    """A deleted secret by its name, or 404."""
    found = ctx.store.deleted(versions.SECRET, key=f"{vault.id}/secrets/{name}")
    if not found:
        raise ArmError(
            404,
            "SecretNotFound",
            f"A secret with (name/id) {name} is not among the deleted secrets of this vault. {answers.HELP}",
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
    return Response(200, answers.bundle(ctx, vault, secret.name, versions.versions(secret)[-1], value=False))
