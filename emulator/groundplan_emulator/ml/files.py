# SPDX-License-Identifier: Apache-2.0
"""Files behind URIs: from the blob plane into a folder, and back.

    azureml://datastores/NAME/paths/PATH                                        of the workspace at hand
    azureml://subscriptions/S/resourcegroups/G/workspaces/W/datastores/NAME/paths/PATH
    https://HOST/ACCOUNT.blob.SUFFIX/CONTAINER/PATH   https://HOST/blob/ACCOUNT/CONTAINER/PATH
    https://ACCOUNT.blob.SUFFIX/CONTAINER/PATH        wasbs://CONTAINER@ACCOUNT.blob.SUFFIX/PATH

A place is an account, a container and a name; the name is that of a blob or of a folder of blobs.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob import rows
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.system_datastores import create_container

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_LONG = re.compile(
    r"azureml://(?:subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)(?:/providers/[^/]+)?/workspaces/(?P<workspace>[^/]+)/)?"
    r"datastores/(?P<datastore>[^/]+)(?:/paths/(?P<path>.*))?",
    re.IGNORECASE,
)
_WASBS = re.compile(
    r"(?:wasbs?|abfss?)://(?P<container>[^@/]+)@(?P<account>[^./]+)\.[^/]+/?(?P<path>.*)", re.IGNORECASE
)


def place(ctx: Context, uri: str, workspace: Resource | None = None) -> Place:
    """Where the files of a URI are. `workspace` is for the short form. Raises `NotFoundError`."""
    text = uri.strip().removeprefix("azureml:") if not uri.strip().startswith("azureml://") else uri.strip()
    if (match := _LONG.fullmatch(text)) is not None:
        holder = workspace.id if workspace is not None else ""
        if match["workspace"]:
            group = f"/subscriptions/{match['subscription']}/resourceGroups/{match['group']}"
            holder = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{match['workspace']}"
        return _in_datastore(ctx, f"{holder}/datastores/{match['datastore']}", match["path"] or "")
    if (match := _WASBS.fullmatch(text)) is not None:
        return Place(match["account"].lower(), match["container"], match["path"].strip("/"))
    if text.lower().startswith(("https://", "http://")):
        return _of_url(text)
    raise NotFoundError(f"'{uri}' leads to no files that the local Azure holds")


def _in_datastore(ctx: Context, datastore_id: str, path: str) -> Place:
    datastore = ctx.get(datastore_id)
    if datastore is None:
        raise NotFoundError(f"there is no datastore '{datastore_id.rsplit('/', 1)[1]}'")
    properties = datastore.properties
    container = properties.get("containerName") or properties.get("filesystem") or properties.get("fileShareName")
    if not container or not properties.get("accountName"):
        raise NotFoundError(f"datastore '{datastore.name}' is of a kind that holds no blobs here")
    return Place(str(properties["accountName"]).lower(), str(container), path.strip("/"))


def _of_url(url: str) -> Place:
    parts = urlsplit(url)
    segments = [unquote(each) for each in parts.path.split("/") if each]
    host = parts.hostname or ""
    if ".blob." in host or ".dfs." in host:
        account = host.partition(".")[0]
    elif segments and segments[0] == "blob":
        account, segments = (segments[1:2] or [""])[0], segments[2:]
    else:
        account, segments = (segments[:1] or [""])[0].partition(".")[0], segments[1:]
    if not account or not segments:
        raise NotFoundError(f"'{url}' names no blob container")
    return Place(account.lower(), segments[0], "/".join(segments[1:]))


def uri_of(datastore: Resource, path: str) -> str:
    """The long URI of a path in a datastore."""
    segments = datastore.id.split("/")
    holder = f"azureml://subscriptions/{segments[2]}/resourcegroups/{segments[4]}/workspaces/{segments[8]}"
    return f"{holder}/datastores/{datastore.name}/paths/{path}"


def names(connection: sqlite3.Connection, source: Place) -> list[str]:
    """The blobs at a place: the one of that name, or all that are below it."""
    below = f"{source.name.rstrip('/')}/" if source.name else ""
    if source.name:
        exact = connection.execute(
            "SELECT name FROM blobs WHERE account = ? AND container = ? AND name = ?",
            (source.account, source.container, source.name),
        ).fetchone()
        if exact:
            return [exact[0]]
    found = connection.execute(
        "SELECT name FROM blobs WHERE account = ? AND container = ? AND name >= ? AND name < ? ORDER BY name",
        (source.account, source.container, below, f"{below[:-1]}0" if below else "\U0010ffff"),
    )
    return [row[0] for row in found]


async def download(azure: Azure, source: Place, target: Path) -> list[Path]:
    """Copy what is at a place into a folder: a single blob under its own name, a folder's blobs under their paths in it.

    Answers the files. Reads in another thread, so that requests go on. Raises `NotFoundError` where there is nothing.
    """
    return await asyncio.to_thread(_download, azure, source, target)


def _download(azure: Azure, source: Place, target: Path) -> list[Path]:
    with azure.store.reader() as connection:
        found = names(connection, source)
        if not found:
            raise NotFoundError(f"there are no files at '{source.container}/{source.name}' of '{source.account}'")
        single = found == [source.name]
        made: list[Path] = []
        for name in found:
            inner = PurePosixPath(name).name if single else name.removeprefix(source.name.rstrip("/")).lstrip("/")
            file = target / inner
            if not file.resolve().is_relative_to(target.resolve()):
                raise NotFoundError(f"the blob '{name}' would land outside of its folder")
            file.parent.mkdir(parents=True, exist_ok=True)
            row = connection.execute(
                "SELECT content FROM blobs WHERE account = ? AND container = ? AND name = ?",
                (source.account, source.container, name),
            ).fetchone()
            file.write_bytes(row[0])
            made.append(file)
        return made


def write(ctx: Context, target: Place, data: bytes, *, content_type: str = "application/octet-stream") -> None:
    """Write one blob, its container too where it is not there yet. For use inside of a transaction."""
    account = next(iter(ctx.store.of_type("Microsoft.Storage/storageAccounts", name=target.account)), None)
    if account is None:
        raise NotFoundError(f"there is no storage account '{target.account}'")
    create_container(ctx, account, target.container)
    old = rows.find(ctx, target)
    now = ctx.clock.now()
    blob = rows.Blob(
        target.name,
        len(data),
        rows.new_etag(),
        old.created if old else now,
        now,
        properties={"content-type": content_type, "content-md5": rows.md5(data)},
    )
    rows.save(ctx, target, blob, data)


def upload(azure: Azure, folder: Path, target: Place) -> int:
    """Write every file below a folder to a place, one transaction a file; how many there were."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    for file in files:
        name = "/".join(part for part in (target.name.rstrip("/"), file.relative_to(folder).as_posix()) if part)
        with azure.working() as ctx:
            write(ctx, Place(target.account, target.container, name), file.read_bytes())
    return len(files)
