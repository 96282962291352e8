# SPDX-License-Identifier: Apache-2.0
"""Artifacts of runs and logged models, as blobs of the workspace's `workspaceartifactstore`, behind MLflow's artifact proxy.

mlflow-artifacts:/workspaces/W/EXPERIMENT/RUN/artifacts/PATH            -> ExperimentRun/dcid.RUN/PATH, where Azure keeps them
mlflow-artifacts:/workspaces/W/EXPERIMENT/models/MODEL/artifacts/PATH   -> LoggedModels/MODEL/PATH
mlflow-artifacts:/registered/NAME/VERSION/PATH                          -> the files of the workspace's model, to be read only
"""

from __future__ import annotations

import asyncio
import mimetypes
import re
import sqlite3
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

import orjson
from starlette.requests import Request
from starlette.responses import Response

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import files, references
from groundplan_emulator.ml.tracking import calls
from groundplan_emulator.ml.tracking.refusal import Refusal, invalid, missing
from groundplan_emulator.planes.blob import rows
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

SCHEME: Final = "mlflow-artifacts:"
REGISTERED: Final = "registered"
LIMIT: Final = 900_000_000
"""Bytes of one artifact; SQLite keeps no more than 1 GB in one value."""
_RUN: Final = re.compile(r"workspaces/[^/]+/[^/]+/(?P<run>[^/]+)/artifacts(?:/(?P<path>.*))?")
_MODEL: Final = re.compile(r"workspaces/[^/]+/[^/]+/models/(?P<model>[^/]+)/artifacts(?:/(?P<path>.*))?")


async def answer(azure: Azure, workspace: Resource, request: Request, rest: str) -> Response:
    """Answer `artifacts`, `artifacts/PATH`; multipart and presigned transfers, which a client asks for only when told to, are not there."""
    head, _, path = rest.partition("/")
    if head != "artifacts":
        raise Refusal(501, "NOT_IMPLEMENTED", "Artifacts go through the tracking server in one piece.")
    path = path.strip("/")
    match request.method:
        case "GET" if "path" in request.query_params or not path:
            return await _list(azure, workspace, request.query_params.get("path", "").strip("/"))
        case "GET" | "HEAD":
            return await _read(azure, workspace, path)
        case "PUT":
            return await _write(azure, workspace, path, request)
        case "DELETE":
            return _delete(azure, workspace, path)
        case method:
            raise Refusal(405, "BAD_REQUEST", f"An artifact is read, written or deleted, not {method}.")


def name_in_store(path: str) -> str:
    """Where an artifact is in the workspace's artifact store; `path` is what follows `mlflow-artifacts:/`."""
    path = unquote(path).strip("/")
    if ".." in PurePosixPath(path).parts:
        raise invalid(f"'{path}' leads out of the artifacts.")
    if match := _MODEL.fullmatch(path):
        parts = ("LoggedModels", match["model"], match["path"])
    elif match := _RUN.fullmatch(path):
        parts = ("ExperimentRun", f"dcid.{match['run']}", match["path"])
    else:
        parts = ("MLflow", path)
    return "/".join(part for part in parts if part)


def store_of(ctx: Context, workspace: Resource) -> Resource:
    """The datastore of a workspace's artifacts."""
    found = ctx.get(f"{workspace.id}/datastores/workspaceartifactstore")
    if found is None:
        raise missing(
            f"The workspace '{workspace.name}' has no datastore 'workspaceartifactstore' to keep artifacts in."
        )
    return found


def _place(ctx: Context, workspace: Resource, path: str, *, write: bool = False) -> Place:
    try:
        first, _, rest = path.partition("/")
        if first == REGISTERED:
            if write:
                raise invalid("The files of a registered model do not change: register a new version.")
            return _of_model(ctx, workspace, rest)
        datastore = store_of(ctx, workspace)
        return files.place(ctx, files.uri_of(datastore, name_in_store(path)), workspace)
    except references.NotFoundError as error:
        raise missing(f"{error}.") from None


def _of_model(ctx: Context, workspace: Resource, path: str) -> Place:
    name, _, rest = path.partition("/")
    version, _, inner = rest.partition("/")
    model = references.version(ctx, f"{name}:{version}", kind="models", workspace=workspace)
    place = files.place(ctx, str(model.properties.get("modelUri", "")), workspace)
    if inner == PurePosixPath(place.name).name and rows.find(ctx, place) is not None:
        return place  # a model of one file, which clients look for in a folder
    return Place(place.account, place.container, "/".join(part for part in (place.name.rstrip("/"), inner) if part))


async def _list(azure: Azure, workspace: Resource, path: str) -> Response:
    ctx = calls.reading(azure)
    place = _place(ctx, workspace, path)
    model = path.count("/") == 2 and path.startswith(f"{REGISTERED}/")
    only = rows.find(ctx, place) if model else None
    if only is not None:
        found = [{"path": PurePosixPath(only.name).name, "is_dir": False, "file_size": only.size}]
    else:
        found = await asyncio.to_thread(_entries, azure, place)
    return Response(orjson.dumps({"files": found}), media_type="application/json")


def _entries(azure: Azure, place: Place) -> list[dict[str, Any]]:
    with azure.store.reader() as connection:
        sizes = _below(connection, place)
        if not sizes and path_is_file(connection, place):
            return []
    below = f"{place.name}/" if place.name else ""
    shown: dict[str, dict[str, Any]] = {}
    for name, size in sizes:
        first, _, more = name.removeprefix(below).partition("/")
        shown.setdefault(
            first, {"path": first, "is_dir": True} if more else {"path": first, "is_dir": False, "file_size": size}
        )
    return [shown[name] for name in sorted(shown)]


def _below(connection: sqlite3.Connection, place: Place) -> list[tuple[str, int]]:
    low, high = (f"{place.name}/", f"{place.name}0") if place.name else ("", "\U0010ffff")
    return connection.execute(
        "SELECT name, length(content) FROM blobs WHERE account = ? AND container = ? AND name >= ? AND name < ?",
        (place.account, place.container, low, high),
    ).fetchall()


def path_is_file(connection: sqlite3.Connection, place: Place) -> bool:
    """Whether there is a blob of exactly this name."""
    return content_of(connection, place, "1") is not None


def content_of(connection: sqlite3.Connection, place: Place, what: str = "content") -> Any:
    """A blob's content, or None where there is no such blob."""
    row = connection.execute(
        f"SELECT {what} FROM blobs WHERE account = ? AND container = ? AND name = ?",  # noqa: S608  (our own words)
        (place.account, place.container, place.name),
    ).fetchone()
    return row[0] if row else None


async def _read(azure: Azure, workspace: Resource, path: str) -> Response:
    place = _place(calls.reading(azure), workspace, path)

    def read() -> Any:
        with azure.store.reader() as connection:
            return content_of(connection, place)

    content = await asyncio.to_thread(read)
    if content is None:
        raise missing(f"There is no artifact '{path}'.")
    name = PurePosixPath(path).name
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, media_type=_type(name))


async def _write(azure: Azure, workspace: Resource, path: str, request: Request) -> Response:
    size = request.headers.get("content-length", "0")
    if size.isdigit() and int(size) > LIMIT:
        raise Refusal(413, "INVALID_PARAMETER_VALUE", f"The artifact has {size} bytes; allowed are {LIMIT}.")
    content = await request.body()
    with azure.working() as ctx:
        files.write(ctx, _place(ctx, workspace, path, write=True), content, content_type=_type(path))
    return Response(b"{}", media_type="application/json")


def _delete(azure: Azure, workspace: Resource, path: str) -> Response:
    with azure.working() as ctx:
        place = _place(ctx, workspace, path, write=True)
        for name in files.names(ctx.store.database, place):
            rows.remove(ctx, Place(place.account, place.container, name))
    return Response(b"{}", media_type="application/json")


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
