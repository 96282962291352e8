# SPDX-License-Identifier: Apache-2.0
"""Block blobs on the data plane."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.planes.blob import rows, xml
from groundplan_emulator.planes.blob.containers import META, metadata, require, unsupported
from groundplan_emulator.planes.blob.rows import Blob, Place
from groundplan_emulator.store import Resource

LISTED = re.compile(r"<(Latest|Committed|Uncommitted)>([^<]+)</\1>")
RANGE = re.compile(r"bytes=(\d+)-(\d*)")
TIERS = ("Hot", "Cool", "Cold", "Archive")


def handle(ctx: Context, account: Resource, place: Place) -> Response:
    """Answer a request on a blob."""
    require(ctx, account, place)
    query = ctx.request.query
    if "snapshot" in query or "versionid" in query:
        raise unsupported("snapshots and versions")
    match ctx.request.method, query.get("comp", ""):
        case "PUT", "":
            return _copy(ctx, place) if "x-ms-copy-source" in ctx.request.headers else _put(ctx, place)
        case "PUT", "block":
            return _put_block(ctx, place)
        case "PUT", "blocklist":
            return _commit(ctx, place)
        case "GET", "blocklist":
            return _block_list(ctx, place)
        case (("GET" | "HEAD"), ("" | "metadata")):
            return _get(ctx, place)
        case "PUT", ("metadata" | "properties" | "tier" as what):
            return _change(ctx, place, what)
        case "DELETE", "":
            _conditions(ctx, _found(ctx, place))
            rows.remove(ctx, place)
            return Response(202, None, {"x-ms-delete-type-permanent": "true"})
        case method, comp:
            raise unsupported(f"{method} comp={comp} on a blob")


def _found(ctx: Context, place: Place) -> Blob:
    blob = rows.find(ctx, place)
    if blob is None:
        raise ArmError(404, "BlobNotFound", "The specified blob does not exist.")
    return blob


def _date(text: str | None) -> float | None:
    """Seconds since the epoch of an HTTP date; 400 when it is none."""
    if text is None:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        raise ArmError(400, "InvalidHeaderValue", f"'{text}' is no HTTP date.") from None


def _conditions(ctx: Context, blob: Blob | None) -> None:
    """`If-Match`, `If-None-Match`, `If-Modified-Since` and `If-Unmodified-Since`."""
    headers, reading = ctx.request.headers, ctx.request.method in ("GET", "HEAD")
    wanted, unwanted = headers.get("if-match"), headers.get("if-none-match")
    since, until = _date(headers.get("if-modified-since")), _date(headers.get("if-unmodified-since"))
    if unwanted == "*" and blob is not None and not reading:
        raise ArmError(409, "BlobAlreadyExists", "The specified blob already exists.")
    failed = (
        (wanted is not None and (blob is None or wanted not in ("*", blob.etag)))
        or (until is not None and blob is not None and int(blob.modified) > until)
        or (not reading and unwanted is not None and blob is not None and unwanted == blob.etag)
    )
    if failed:
        raise ArmError(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.")
    unchanged = blob is not None and (
        (unwanted is not None and unwanted in ("*", blob.etag)) or (since is not None and int(blob.modified) <= since)
    )
    if reading and unchanged:
        raise ArmError(304, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.")


def _described(ctx: Context, place: Place, *, size: int) -> Blob:
    """A new blob as the headers of a request describe it; its creation time is the old one's."""
    headers, old, now = ctx.request.headers, rows.find(ctx, place), ctx.clock.now()
    said = {name: headers[f"x-ms-blob-{name}"] for name in rows.SETTABLE if f"x-ms-blob-{name}" in headers}
    said.setdefault("content-type", headers.get("content-type") or "application/octet-stream")
    tier = headers.get("x-ms-access-tier", "")
    return Blob(place.name, size, "", old.created if old else now, now, said, metadata(ctx), tier=tier)


def _put(ctx: Context, place: Place) -> Response:
    kind = ctx.request.headers.get("x-ms-blob-type", "")
    if kind != "BlockBlob":
        raise (
            unsupported(f"blobs of type '{kind}'")
            if kind
            else ArmError(
                400,
                "MissingRequiredHeader",
                "An HTTP header that's mandatory for this request is not specified: x-ms-blob-type.",
            )
        )
    _conditions(ctx, rows.find(ctx, place))
    data = ctx.request.content
    _check_md5(ctx, data)
    blob = _described(ctx, place, size=len(data))
    blob.properties.setdefault("content-md5", rows.md5(data))
    rows.drop_blocks(ctx, place)
    rows.save(ctx, place, blob, data)
    return Response(201, None, _written(blob) | {"Content-MD5": rows.md5(data)})


def _check_md5(ctx: Context, data: bytes) -> None:
    given = ctx.request.headers.get("content-md5")
    if given is not None and given != rows.md5(data):
        raise ArmError(
            400,
            "Md5Mismatch",
            "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
        )


def _written(blob: Blob) -> dict[str, str]:
    return {"ETag": blob.etag, "Last-Modified": xml.http_date(blob.modified), "x-ms-request-server-encrypted": "true"}


def _put_block(ctx: Context, place: Place) -> Response:
    block = ctx.request.query.get("blockid", "")
    try:
        base64.b64decode(block, validate=True)
    except binascii.Error:
        block = ""
    if not block:
        raise ArmError(400, "InvalidQueryParameterValue", "blockid must be a base64 text.")
    _check_md5(ctx, ctx.request.content)
    rows.stage(ctx, place, block, ctx.request.content)
    return Response(201, None, {"Content-MD5": rows.md5(ctx.request.content), "x-ms-request-server-encrypted": "true"})


def _commit(ctx: Context, place: Place) -> Response:
    old = rows.find(ctx, place)
    _conditions(ctx, old)
    uncommitted, committed = rows.staged(ctx, place), rows.committed(ctx, place, old)
    parts: list[tuple[str, bytes]] = []
    for kind, block in LISTED.findall(ctx.request.content.decode(errors="replace")):
        sources = {"Latest": (uncommitted, committed), "Committed": (committed,), "Uncommitted": (uncommitted,)}[kind]
        found = next((source[block] for source in sources if block in source), None)
        if found is None:
            raise ArmError(
                400, "InvalidBlockList", f"The specified block list is invalid: there is no block '{block}'."
            )
        parts.append((block, found))
    data = b"".join(part for _, part in parts)
    blob = _described(ctx, place, size=len(data))
    if "x-ms-blob-content-type" not in ctx.request.headers:
        blob.properties["content-type"] = "application/octet-stream"
    blob.blocks = [(block, len(part)) for block, part in parts]
    rows.drop_blocks(ctx, place)
    rows.save(ctx, place, blob, data)
    return Response(201, None, _written(blob))


def _block_list(ctx: Context, place: Place) -> Response:
    blob, wanted = rows.find(ctx, place), ctx.request.query.get("blocklisttype", "committed").lower()
    waiting = [(block, len(data)) for block, data in rows.staged(ctx, place).items()]
    if blob is None and not waiting:
        raise ArmError(404, "BlobNotFound", "The specified blob does not exist.")
    body = xml.block_list(
        blob.blocks if blob and wanted in ("committed", "all") else [],
        waiting if wanted in ("uncommitted", "all") else [],
    )
    headers = _written(blob) | {"x-ms-blob-content-length": str(blob.size)} if blob else {}
    return Response(200, body, headers, content_type=xml.CONTENT_TYPE)


def _get(ctx: Context, place: Place) -> Response:
    blob = _found(ctx, place)
    _conditions(ctx, blob)
    headers = _headers(blob)
    if ctx.request.method == "HEAD":
        return Response(200, None, headers | {"Content-Length": str(blob.size)})
    data = rows.content(ctx, place, blob.etag)
    given = ctx.request.headers.get("x-ms-range", ctx.request.headers.get("range", ""))
    match = RANGE.fullmatch(given)
    if match is None:
        return Response(200, data, headers)
    first = int(match[1])
    last = min(int(match[2]) if match[2] else blob.size - 1, blob.size - 1)
    if first >= blob.size:
        raise ArmError(
            416,
            "InvalidRange",
            "The range specified is invalid for the current size of the resource.",
            headers={"Content-Range": f"bytes */{blob.size}"},
        )
    if "content-md5" in blob.properties:
        headers["x-ms-blob-content-md5"] = blob.properties["content-md5"]
        headers.pop("Content-MD5")
    return Response(206, data[first : last + 1], headers | {"Content-Range": f"bytes {first}-{last}/{blob.size}"})


def _headers(blob: Blob) -> dict[str, str]:
    return {
        **{name.title().replace("Md5", "MD5"): value for name, value in blob.properties.items()},
        **{f"{META}{name}": value for name, value in blob.metadata.items()},
        **{f"x-ms-copy-{name}": value for name, value in blob.copied.items()},
        "ETag": blob.etag,
        "Last-Modified": xml.http_date(blob.modified),
        "x-ms-creation-time": xml.http_date(blob.created),
        "Accept-Ranges": "bytes",
        "x-ms-blob-type": "BlockBlob",
        "x-ms-lease-status": "unlocked",
        "x-ms-lease-state": "available",
        "x-ms-server-encrypted": "true",
        "x-ms-access-tier": blob.tier or "Hot",
        **({} if blob.tier else {"x-ms-access-tier-inferred": "true"}),
    }


def _change(ctx: Context, place: Place, what: str) -> Response:
    blob, headers = _found(ctx, place), ctx.request.headers
    _conditions(ctx, blob)
    match what:
        case "metadata":
            blob.metadata = metadata(ctx)
        case "properties":
            blob.properties = {
                name: headers[f"x-ms-blob-{name}"] for name in rows.SETTABLE if f"x-ms-blob-{name}" in headers
            }
        case _:
            tier = headers.get("x-ms-access-tier", "")
            if tier not in TIERS:
                raise ArmError(400, "InvalidHeaderValue", f"x-ms-access-tier is '{tier}'; allowed: {', '.join(TIERS)}.")
            blob.tier = tier
            rows.save(ctx, place, blob, touch=False)
            return Response(200)
    rows.save(ctx, place, blob)
    return Response(200, None, _written(blob))


def _copy(ctx: Context, place: Place) -> Response:
    """Copy Blob, or Put Blob From URL where the request names a blob type."""
    address = urlsplit(ctx.request.headers["x-ms-copy-source"])
    first, _, rest = unquote(address.path).strip("/").partition("/")
    if first == "blob":
        first, _, rest = rest.partition("/")
    container, _, name = rest.partition("/")
    source = Place(first.partition(".")[0].lower(), container, name)
    old = rows.find(ctx, source)
    if old is None:
        raise ArmError(404, "CannotVerifyCopySource", "The specified blob does not exist.")
    _conditions(ctx, rows.find(ctx, place))
    data = rows.content(ctx, source)
    blob = _described(ctx, place, size=len(data))
    blob.properties = {
        **old.properties,
        **{k: v for k, v in blob.properties.items() if f"x-ms-blob-{k}" in ctx.request.headers},
    }
    blob.metadata = blob.metadata or old.metadata
    copy = str(uuid.uuid4())
    blob.copied = {
        "id": copy,
        "status": "success",
        "source": address._replace(query="").geturl(),
        "progress": f"{len(data)}/{len(data)}",
    }
    blob.copied["completion-time"] = xml.http_date(ctx.clock.now())
    rows.save(ctx, place, blob, data)
    status = 201 if "x-ms-blob-type" in ctx.request.headers else 202
    return Response(status, None, _written(blob) | {"x-ms-copy-id": copy, "x-ms-copy-status": "success"})
