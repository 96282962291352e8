# SPDX-License-Identifier: Apache-2.0
"""Reads collections back: events and rows of a time, from the folder of a collection or of any data asset of the same layout."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import files
from groundplan_emulator.ml.collection import places, settings
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource

_ROLLED = re.compile(
    r"(?P<year>\d{4})(?:/(?P<month>\d\d))?(?:/(?P<day>\d\d))?(?:/(?P<hour>\d\d))?(?:/(?P<minute>\d\d))?/[^/]+"
)
_LENGTHS: Final = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}


def folder(ctx: Context, deployment: Resource, collection: str) -> Place:
    """Where a collection of a deployment is. Raises `NotFoundError`."""
    return places.of(ctx, deployment.id, collection, settings.of(deployment.properties.get("dataCollector")))


def events(connection: sqlite3.Connection, source: Place, start: float, end: float) -> Iterator[dict[str, Any]]:
    """The CloudEvents below a folder with `start` <= time < `end` (seconds since the epoch), the oldest first.

    Data that was put into a blob of its own is in its place. For another thread, with `azure.store.reader()`.
    """
    found: list[tuple[float, str, dict[str, Any]]] = []
    for name in files.names(connection, source):
        if name.endswith(".jsonl") and _may_hold(name.removeprefix(f"{source.name.rstrip('/')}/"), start, end):
            for line in _content(connection, Place(source.account, source.container, name)).splitlines():
                event: dict[str, Any] = orjson.loads(line)
                at = datetime.fromisoformat(event["time"]).timestamp()
                if start <= at < end:
                    found.append((at, name.rpartition("/")[0], event))
    for _, place, event in sorted(found, key=lambda each: each[0]):
        if event.get("datainblob") == "true":
            event["data"] = _apart(connection, Place(source.account, source.container, f"{place}/{event['id']}"), event)
        yield event


def records(connection: sqlite3.Connection, source: Place, start: float, end: float) -> Iterator[dict[str, Any]]:
    """The rows that were collected: every object in the data of every event, which is a list of them or one."""
    for event in events(connection, source, start, end):
        data = event.get("data")
        for each in data if isinstance(data, list) else [data]:
            if isinstance(each, dict):
                yield each


def json_lines(connection: sqlite3.Connection, source: Place, start: float, end: float) -> bytes:
    """The rows as JSON Lines."""
    return b"".join(orjson.dumps(record) + b"\n" for record in records(connection, source, start, end))


def _may_hold(path: str, start: float, end: float) -> bool:
    """Whether the folders of a path, which are a time, reach into the time asked for."""
    found = _ROLLED.fullmatch(path)
    if found is None:
        return True
    parts = {name: int(value) for name, value in found.groupdict().items() if value is not None}
    try:
        begin = datetime(
            parts["year"],
            parts.get("month", 1),
            parts.get("day", 1),
            parts.get("hour", 0),
            parts.get("minute", 0),
            tzinfo=UTC,
        )
    except ValueError:
        return True
    length = next(length for name, length in _LENGTHS.items() if name in parts)
    return begin.timestamp() < end and (begin + length).timestamp() > start


def _apart(connection: sqlite3.Connection, place: Place, event: dict[str, Any]) -> Any:
    content = _content(connection, place)
    is_json = event.get("datacontenttype") == "application/json"
    return orjson.loads(content) if is_json and content else content.decode("utf-8", "replace")


def _content(connection: sqlite3.Connection, place: Place) -> bytes:
    row = connection.execute(
        "SELECT content FROM blobs WHERE account = ? AND container = ? AND name = ?",
        (place.account, place.container, place.name),
    ).fetchone()
    return bytes(row[0]) if row else b""
