# SPDX-License-Identifier: Apache-2.0
"""The data plane of blobs: `https://127.0.0.1:<port>/<account>.blob.core.local/<container>/<blob>`, or `/blob/<account>/...`.

Enough for Microsoft's azure-storage-blob: containers, block blobs (whole, in blocks, copied), metadata, properties, tiers, ranges,
conditions, listings, and XML errors with `x-ms-error-code`. Source: the REST reference of the Blob service.

Differs from Azure:
- append and page blobs, snapshots, versions, leases, tags and batches are refused with FeatureNotYetSupported
- a bearer token is never refused: roles and network rules keep nobody out; shared keys, account and service SAS tokens are
  verified, those of a user's delegation are good until they expire; stored access policies do not exist
- a copy is over when it is answered, and its source must be in the emulator
"""

from __future__ import annotations

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.planes.blob import access, blobs, containers, service, xml
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.storage.storage_accounts import StorageAccounts

VERSION = "2026-02-06"


def handle(ctx: Context) -> Response:
    """Answer one request of the plane; refusals are XML."""
    try:
        answer = _answer(ctx)
    except ArmError as error:
        body = None if error.status == 304 else xml.error(error.code, error.message)
        answer = Response(error.status, body, {"x-ms-error-code": error.code, **error.headers})
        answer.content_type = xml.CONTENT_TYPE
    answer.headers.setdefault("x-ms-version", ctx.request.headers.get("x-ms-version", VERSION))
    answer.headers.setdefault("Date", xml.http_date(ctx.clock.now()))
    if client := ctx.request.headers.get("x-ms-client-request-id"):
        answer.headers["x-ms-client-request-id"] = client
    return answer


def _answer(ctx: Context) -> Response:
    account, place = _place(ctx)
    access.check(ctx, account, place)
    query = ctx.request.query
    if query.get("restype") == "account" and query.get("comp") == "properties":
        return service.account_information(account)
    if not place.container:
        return service.handle(ctx, account)
    if not place.name:
        return containers.handle(ctx, account, place)
    return blobs.handle(ctx, account, place)


def _place(ctx: Context) -> tuple[Resource, Place]:
    """The account that a path names, and the container and blob in it."""
    first, *rest = ctx.request.path.lstrip("/").split("/")
    if first == "blob" and rest:
        name, *rest = rest
    else:
        name = first.partition(".")[0]
    account = next(iter(ctx.store.of_type(StorageAccounts.type, name=name)), None)
    if account is None:
        raise ArmError(404, "ResourceNotFound", f"There is no storage account named '{name}'.")
    return account, Place(account.name, rest[0] if rest else "", "/".join(rest[1:]))
