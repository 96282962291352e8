# SPDX-License-Identifier: Apache-2.0
"""Files behind URIs: from the blob plane into a folder, and back.

    azureml://datastores/NAME/paths/PATH                                        of the workspace at hand
    azureml://subscriptions/S/resourcegroups/G/workspaces/W/datastores/NAME/paths/PATH
    azureml://jobs/JOB/outputs/OUTPUT/paths/PATH                                what a job wrote; `artifacts` is its run's folder
    azureml://subscriptions/S/resourcegroups/G/workspaces/W/jobs/JOB/outputs/OUTPUT/paths/PATH
    runs:/JOB/PATH                                                              artifacts, as MLflow names them
    https://HOST/ACCOUNT.blob.SUFFIX/CONTAINER/PATH   https://HOST/blob/ACCOUNT/CONTAINER/PATH
    https://ACCOUNT.blob.SUFFIX/CONTAINER/PATH        wasbs://CONTAINER@ACCOUNT.blob.SUFFIX/PATH

A place is an account, a container and a name; the name is that of a blob or of a folder of blobs.
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import orjson

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.places import place, uri_of
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob import rows
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.types.machine_learning_services.system_datastores import create_container

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

__all__ = ["copy", "download", "names", "place", "sums", "upload", "uri_of", "write"]


def names(connection: sqlite3.Connection, source: Place) -> list[str]:
    """The blobs at a place: the one of that name, or all that are below it. Blobs that stand for a folder are left out."""
    folder = source.name.rstrip("/")
    if source.name:
        exact = connection.execute(
            "SELECT name FROM blobs WHERE account = ? AND container = ? AND name = ?",
            (source.account, source.container, source.name),
        ).fetchone()
        if exact:
            inside = _below(connection, source, folder)
            return inside or [exact[0]]
    return _below(connection, source, folder)


def _below(connection: sqlite3.Connection, source: Place, folder: str) -> list[str]:
    low, high = (f"{folder}/", f"{folder}0") if folder else ("", "\U0010ffff")
    found = connection.execute(
        "SELECT name FROM blobs WHERE account = ? AND container = ? AND name >= ? AND name < ? ORDER BY name",
        (source.account, source.container, low, high),
    )
    every = [row[0] for row in found]
    folders = {"/".join(each.split("/")[:depth]) for each in every for depth in range(1, each.count("/") + 1)}
    return [each for each in every if each.rstrip("/") not in folders and not each.endswith("/")]


async def download(azure: Azure, source: Place, target: Path) -> list[Path]:
    """Copy what is at a place into a folder: a single blob under its own name, a folder's blobs under their paths in it.

    Answers the files. Reads in another thread, so that requests go on. Raises `NotFoundError` where there is nothing.
    """
    return await asyncio.to_thread(_download, azure, source, target)


def _download(azure: Azure, source: Place, target: Path) -> list[Path]:
    with azure.store.reader() as connection:
        found = names(connection, source)
        if not found:
            raise _nothing(source)
        made: list[Path] = []
        for name in found:
            file = target / _inner(source, name)
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


def _nothing(source: Place) -> NotFoundError:
    return NotFoundError(f"there are no files at '{source.container}/{source.name}' of '{source.account}'")


def _inner(source: Place, name: str) -> str:
    """A blob's path inside of the place; a place that is one blob is called as the blob is."""
    if name == source.name:
        return PurePosixPath(name).name
    return name.removeprefix(source.name.rstrip("/")).lstrip("/")


def write(ctx: Context, target: Place, data: bytes, *, content_type: str = "application/octet-stream") -> None:
    """Write one blob, its container too where it is not there yet. For use inside of a transaction."""
    _open(ctx, target)
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


def _open(ctx: Context, target: Place) -> None:
    account = next(iter(ctx.store.of_type("Microsoft.Storage/storageAccounts", name=target.account)), None)
    if account is None:
        raise NotFoundError(f"there is no storage account '{target.account}'")
    create_container(ctx, account, target.container)


def upload(azure: Azure, folder: Path, target: Place) -> int:
    """Write every file below a folder to a place, one transaction a file; how many there were."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    for file in files:
        name = "/".join(part for part in (target.name.rstrip("/"), file.relative_to(folder).as_posix()) if part)
        with azure.working() as ctx:
            write(ctx, Place(target.account, target.container, name), file.read_bytes())
    return len(files)


def copy(ctx: Context, source: Place, target: Place) -> int:
    """Copy what is at a place to another one, inside of the store and of a transaction; how many blobs. Raises `NotFoundError`.

    A single blob becomes the blob of the target's name, the blobs of a folder keep their paths in it.
    """
    found = names(ctx.store.database, source)
    if not found:
        raise _nothing(source)
    _open(ctx, target)
    for name in found:
        to = target.name if name == source.name else f"{target.name}/{_inner(source, name)}".lstrip("/")
        ctx.store.database.execute(
            "INSERT OR REPLACE INTO blobs (account, container, name, headers, content)"
            " SELECT ?, ?, ?, headers, content FROM blobs WHERE account = ? AND container = ? AND name = ?",
            (target.account, target.container, to, source.account, source.container, name),
        )
        copied = rows.find(ctx, Place(target.account, target.container, to))
        if copied is not None:
            copied.name = to
            rows.save(ctx, Place(target.account, target.container, to), copied)
    return len(found)


def sums(ctx: Context, source: Place) -> dict[str, str]:
    """What is at a place, without reading it: the files' paths in it and the MD5 of each. Empty where there is nothing."""
    found: dict[str, str] = {}
    for name in names(ctx.store.database, source):
        row = ctx.store.database.execute(
            "SELECT headers FROM blobs WHERE account = ? AND container = ? AND name = ?",
            (source.account, source.container, name),
        ).fetchone()
        said = orjson.loads(row[0])
        # a blob that was written in blocks has no MD5 of its own
        found[_inner(source, name)] = said["properties"].get("content-md5") or f"{said['size']} {said['etag']}"
    return found
