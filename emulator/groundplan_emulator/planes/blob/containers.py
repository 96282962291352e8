# SPDX-License-Identifier: Apache-2.0
"""Containers on the data plane: the same resources that ARM shows."""

from __future__ import annotations

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.planes.blob import rows, service, xml
from groundplan_emulator.planes.blob.rows import Blob, Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.storage import endpoints
from groundplan_emulator.types.storage.containers import NAME, Containers, defaults

META = "x-ms-meta-"
PAGE = 5000


def handle(ctx: Context, account: Resource, place: Place) -> Response:
    """Answer a request on a container."""
    query = ctx.request.query
    match ctx.request.method, query.get("comp", ""):
        case "PUT", "":
            return _create(ctx, account, place)
        case "GET", "list":
            return _list(ctx, account, place)
        case (("GET" | "HEAD"), ("" | "metadata")):
            return Response(200, None, _headers(ctx, require(ctx, account, place)))
        case "PUT", "metadata":
            container = require(ctx, account, place)
            container.properties["metadata"] = metadata(ctx)
            _touch(ctx, container)
            return Response(200, None, _stamps(ctx, container))
        case "GET", "acl":
            container = require(ctx, account, place)
            return Response(
                200, xml.simple("SignedIdentifiers", {}), _headers(ctx, container), content_type=xml.CONTENT_TYPE
            )
        case "DELETE", "":
            ctx.delete(require(ctx, account, place))
            return Response(202)
        case method, comp:
            raise unsupported(f"{method} comp={comp} on a container")


def unsupported(what: str) -> ArmError:
    """409 for what the emulated service does not do."""
    return ArmError(409, "FeatureNotYetSupported", f"The emulated blob service does not support {what}.")


def metadata(ctx: Context) -> dict[str, str]:
    """The `x-ms-meta-*` headers of a request."""
    return {name.removeprefix(META): value for name, value in ctx.request.headers.items() if name.startswith(META)}


def require(ctx: Context, account: Resource, place: Place) -> Resource:
    """The container that a path names, or 404 ContainerNotFound."""
    found = ctx.get(_id(account, place))
    if found is None:
        raise ArmError(404, "ContainerNotFound", "The specified container does not exist.")
    return found


def _id(account: Resource, place: Place) -> str:
    return f"{account.id}/blobServices/default/containers/{place.container}"


def _create(ctx: Context, account: Resource, place: Place) -> Response:
    if ctx.request.query.get("restype") != "container":
        raise ArmError(400, "InvalidUri", "A container is created with restype=container; a blob has a name.")
    try:
        NAME.check(Containers.type, place.container)
    except ArmError as error:
        raise ArmError(400, "InvalidResourceName", error.message) from None
    if ctx.get(_id(account, place)) is not None:
        raise ArmError(409, "ContainerAlreadyExists", "The specified container already exists.")
    access = ctx.request.headers.get("x-ms-blob-public-access", "").title()
    if access and not account.properties.get("allowBlobPublicAccess"):
        raise ArmError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.")
    properties = {**defaults(), "publicAccess": access or "None", "metadata": metadata(ctx)}
    id_ = _id(account, place)
    body = {
        "id": id_,
        "name": place.container,
        "type": Containers.type,
        "etag": "",
        "properties": properties,
    }
    container = Resource(id_, Containers.type, place.container, body)
    _touch(ctx, container)
    return Response(201, None, _stamps(ctx, container))


def _touch(ctx: Context, container: Resource) -> None:
    container.properties["lastModifiedTime"] = ctx.clock.stamp()
    ctx.save(container)


def _stamps(ctx: Context, container: Resource) -> dict[str, str]:
    return {"ETag": f'"{container.etag}"', "Last-Modified": xml.http_date(service.modified(ctx, container))}


def _headers(ctx: Context, container: Resource) -> dict[str, str]:
    access = str(container.properties.get("publicAccess", "None")).lower()
    return {
        **_stamps(ctx, container),
        **{f"{META}{name}": value for name, value in (container.properties.get("metadata") or {}).items()},
        "x-ms-lease-status": "unlocked",
        "x-ms-lease-state": "available",
        "x-ms-has-immutability-policy": "false",
        "x-ms-has-legal-hold": "false",
        **({} if access == "none" else {"x-ms-blob-public-access": access}),
    }


def _list(ctx: Context, account: Resource, place: Place) -> Response:
    require(ctx, account, place)
    query = ctx.request.query
    prefix, delimiter, marker = query.get("prefix", ""), query.get("delimiter", ""), query.get("marker", "")
    given = query.get("maxresults", "")
    size = min(int(given), PAGE) if given.isdigit() and int(given) > 0 else PAGE
    root = xml.results(
        endpoints.of_account(ctx, account).get("blob", ""),
        place.container,
        Prefix=prefix,
        Marker=marker,
        MaxResults=given,
        Delimiter=delimiter,
    )
    group, following = xml.Tree.SubElement(root, "Blobs"), None
    count = 0
    for item in _items(ctx, place, prefix, delimiter):
        name = item if isinstance(item, str) else item.name
        if name < marker:
            continue
        if count == size:
            following = name
            break
        count += 1
        if isinstance(item, str):
            xml.add_prefix(group, item)
        else:
            xml.add_blob(group, item, metadata="metadata" in query.get("include", ""))
    xml.Tree.SubElement(root, "NextMarker").text = following
    return Response(200, xml.document(root), content_type=xml.CONTENT_TYPE)


def _items(ctx: Context, place: Place, prefix: str, delimiter: str) -> list[Blob | str]:
    """Blobs, and the virtual folders that a delimiter makes of them, by name."""
    found: list[Blob | str] = []
    folders: set[str] = set()
    for blob in rows.listing(ctx, place, prefix):
        head, cut, _ = blob.name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        folder = prefix + head + cut
        if not cut:
            found.append(blob)
        elif folder not in folders:
            folders.add(folder)
            found.append(folder)
    return found
