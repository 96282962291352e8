# SPDX-License-Identifier: Apache-2.0
"""What the emulated Azure knows, in one SQLite file.

A request is one transaction: either all of its writes are acknowledged and survive the death of the process, or none exists.
WAL with `synchronous=NORMAL` keeps that promise against the process being killed at any moment (SQLite, "PRAGMA synchronous").
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from groundplan_emulator.store_tables import SCHEMA, SETTINGS


class CorruptStateError(Exception):
    """The state file is not a database that this version can read."""


@dataclass(slots=True)
class Resource:
    """A stored resource. `body` is what GET answers; `private` is never answered (keys, write-only properties)."""

    id: str
    type: str
    name: str
    body: dict[str, Any]
    etag: str = ""
    private: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The id in lower case: ARM ids ignore case."""
        return self.id.lower()

    @property
    def properties(self) -> dict[str, Any]:
        """The body's `properties`, made when absent."""
        return self.body.setdefault("properties", {})


@dataclass(slots=True)
class Deleted:
    """A soft-deleted resource, kept until `purge_at` (seconds since the epoch, by the emulator's clock)."""

    id: str
    type: str
    name: str
    location: str
    deleted_at: float
    purge_at: float
    body: dict[str, Any]
    private: dict[str, Any]


@dataclass(slots=True)
class Operation:
    """A long-running operation. `kind` is create, update or delete; `due` is when the clock ends it."""

    id: str
    key: str
    kind: str
    status: str
    started: float
    due: float
    error: dict[str, Any] | None = None


def below(key: str) -> tuple[str, str]:
    """The half-open key range of everything below an id ('/' is followed by '0' in ASCII)."""
    return f"{key}/", f"{key}0"


def _operation(row: tuple[str, str, str, str, float, float, bytes | None]) -> Operation:
    id_, key, kind, status, started, due, error = row
    return Operation(id_, key, kind, status, started, due, _loads(error) or None)


def _loads(blob: bytes | None) -> dict[str, Any]:
    return orjson.loads(blob) if blob else {}


class Store:
    """Resources, soft-deleted resources, operations and settings of one emulated Azure."""

    def __init__(self, path: Path) -> None:
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
            self._db.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;" + SCHEMA
            )
        except sqlite3.DatabaseError as error:
            raise CorruptStateError(f"{path}: {error}") from None
        self._depth = 0
        self.path = path
        self.revision = 0
        """Counts the transactions that wrote something."""
        self.on_commit: Callable[[], None] = lambda: None

    def close(self) -> None:
        """Close the file; the WAL is folded back."""
        self._db.close()

    @contextmanager
    def transaction(self, *, quiet: bool = False) -> Generator[None]:
        """All writes inside, or none. Nested use joins the outer one. `quiet`: nobody needs to wake up for what is written."""
        if self._depth:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        before = self._db.total_changes
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        else:
            self._db.execute("COMMIT")
            if not quiet and self._db.total_changes != before:
                self.revision += 1
                self.on_commit()
        finally:
            self._depth = 0

    @contextmanager
    def reader(self) -> Generator[sqlite3.Connection]:
        """A connection for another thread, which only reads what is committed: a large file must not hold up every request."""
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def attempt(self) -> Generator[None]:
        """A part of a transaction that may fail alone: what it wrote is taken back, the exception goes on."""
        self._db.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK TO attempt")
            raise
        finally:
            self._db.execute("RELEASE attempt")

    # -- resources

    def get(self, resource_id: str) -> Resource | None:
        """The resource with this id, whatever the id's case."""
        row = self._db.execute(
            "SELECT id, type, name, body, etag, private FROM resources WHERE key = ?", (resource_id.lower(),)
        ).fetchone()
        return self._resource(row) if row else None

    def exists(self, resource_id: str) -> bool:
        """Whether `get` would find it, without reading it."""
        return self._db.execute("SELECT 1 FROM resources WHERE key = ?", (resource_id.lower(),)).fetchone() is not None

    def put(self, resource: Resource, parent: str) -> None:
        """Write a resource below `parent` (the id of the resource, group or subscription that holds it)."""
        self._db.execute(
            "INSERT INTO resources (key, id, type, name, parent, etag, body, private) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, body = excluded.body, private = excluded.private",
            (
                resource.key,
                resource.id,
                resource.type.lower(),
                resource.name.lower(),
                parent.lower(),
                resource.etag,
                orjson.dumps(resource.body),
                orjson.dumps(resource.private) if resource.private else None,
            ),
        )

    def remove(self, resource_id: str) -> None:
        """Forget one resource; nothing below it is touched."""
        self._db.execute("DELETE FROM resources WHERE key = ?", (resource_id.lower(),))

    def children(self, parent: str, type_: str | None = None) -> Iterator[Resource]:
        """Resources directly below an id, in the order of their keys."""
        sql = "SELECT id, type, name, body, etag, private FROM resources WHERE parent = ?"
        args: list[str] = [parent.lower()]
        if type_ is not None:
            sql += " AND type = ?"
            args.append(type_.lower())
        for row in self._db.execute(sql + " ORDER BY key", args).fetchall():
            yield self._resource(row)

    def descendants(self, resource_id: str) -> Iterator[Resource]:
        """Everything below an id, at any depth, deepest keys last."""
        low, high = below(resource_id.lower())
        rows = self._db.execute(
            "SELECT id, type, name, body, etag, private FROM resources WHERE key >= ? AND key < ? ORDER BY key",
            (low, high),
        ).fetchall()
        for row in rows:
            yield self._resource(row)

    def of_type(self, type_: str, *, within: str = "", name: str | None = None) -> Iterator[Resource]:
        """Every resource of an ARM type below an id (or anywhere), optionally of one name."""
        sql = "SELECT id, type, name, body, etag, private FROM resources WHERE type = ?"
        args: list[str] = [type_.lower()]
        if name is not None:
            sql += " AND name = ?"
            args.append(name.lower())
        if within:
            low, high = below(within.lower())
            sql += " AND key >= ? AND key < ?"
            args += [low, high]
        for row in self._db.execute(sql + " ORDER BY key", args).fetchall():
            yield self._resource(row)

    def counts(self) -> dict[str, int]:
        """How many resources of each type exist."""
        rows = self._db.execute("SELECT type, count(*) FROM resources GROUP BY type ORDER BY type").fetchall()
        return dict(rows)

    @staticmethod
    def _resource(row: tuple[str, str, str, bytes, str, bytes | None]) -> Resource:
        body = _loads(row[3])
        return Resource(row[0], body.get("type", row[1]), body.get("name", row[2]), body, row[4], _loads(row[5]))

    # -- soft-deleted resources

    def bury(self, deleted: Deleted) -> None:
        """Keep a deleted resource for recovery."""
        self._db.execute(
            "INSERT OR REPLACE INTO deleted VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                deleted.id.lower(),
                deleted.id,
                deleted.type.lower(),
                deleted.name.lower(),
                deleted.location,
                deleted.deleted_at,
                deleted.purge_at,
                orjson.dumps(deleted.body),
                orjson.dumps(deleted.private),
            ),
        )

    def deleted(self, type_: str | None = None, *, name: str | None = None, key: str | None = None) -> list[Deleted]:
        """Soft-deleted resources, filtered by type, name or id."""
        sql = "SELECT id, type, name, location, deleted_at, purge_at, body, private FROM deleted WHERE 1"
        args: list[str] = []
        for column, value in (("type", type_), ("name", name), ("key", key)):
            if value is not None:
                sql += f" AND {column} = ?"
                args.append(value.lower())
        rows = self._db.execute(sql + " ORDER BY key", args).fetchall()
        return [
            Deleted(id_, kind, named, location, deleted_at, purge_at, _loads(body), _loads(private))
            for id_, kind, named, location, deleted_at, purge_at, body, private in rows
        ]

    def exhume(self, resource_id: str) -> None:
        """Forget a soft-deleted resource: it was recovered, purged, or its time is over."""
        self._db.execute("DELETE FROM deleted WHERE key = ?", (resource_id.lower(),))

    # -- long-running operations

    def save_operation(self, operation: Operation) -> None:
        """Write an operation's state."""
        self._db.execute(
            "INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                operation.id,
                operation.key,
                operation.kind,
                operation.status,
                operation.started,
                operation.due,
                orjson.dumps(operation.error) if operation.error else None,
            ),
        )

    def operation(self, operation_id: str) -> Operation | None:
        """One operation by its id."""
        row = self._db.execute("SELECT * FROM operations WHERE id = ?", (operation_id,)).fetchone()
        return _operation(row) if row else None

    def running_operations(self, key: str | None = None) -> list[Operation]:
        """Operations that the clock has not ended yet, earliest first."""
        sql = "SELECT * FROM operations WHERE status = 'InProgress'"
        args: tuple[str, ...] = ()
        if key is not None:
            sql, args = sql + " AND key = ?", (key.lower(),)
        rows = self._db.execute(sql + " ORDER BY due, id", args).fetchall()
        return [_operation(row) for row in rows]

    # -- settings

    def meta(self, key: str) -> Any:
        """A setting, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return orjson.loads(row[0]) if row else None

    def set_meta(self, key: str, value: object) -> None:
        """Write a setting."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, orjson.dumps(value)))

    # -- blobs are rows of their own, so that a large upload does not rewrite a resource

    @property
    def database(self) -> sqlite3.Connection:
        """The connection, for data planes that keep rows of their own; use inside `transaction`."""
        return self._db

    def reset(self) -> None:
        """Forget everything but the settings."""
        with self.transaction():
            tables = self._db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            for (table,) in tables.fetchall():
                if table == SETTINGS:
                    continue
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own tables)
