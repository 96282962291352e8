# SPDX-License-Identifier: Apache-2.0
"""The tables of the store. `meta` outlives a reset; whatever else is added here is forgotten by one."""

from __future__ import annotations

from typing import Final

SETTINGS: Final = "meta"
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS resources (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL,
    etag TEXT NOT NULL, body BLOB NOT NULL, private BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS resources_parent ON resources (parent, type);
CREATE INDEX IF NOT EXISTS resources_name ON resources (type, name);
CREATE TABLE IF NOT EXISTS deleted (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, location TEXT NOT NULL,
    deleted_at REAL NOT NULL, purge_at REAL NOT NULL, body BLOB NOT NULL, private BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS operations (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, started REAL NOT NULL, due REAL NOT NULL,
    error BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (
    account TEXT NOT NULL, container TEXT NOT NULL, name TEXT NOT NULL, headers BLOB NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (account, container, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mlflow_runs (
    workspace TEXT NOT NULL, run TEXT NOT NULL, wanted BLOB NOT NULL, told BLOB, PRIMARY KEY (workspace, run)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS metrics (
    resource TEXT NOT NULL, series TEXT NOT NULL, minute INTEGER NOT NULL, dimensions TEXT NOT NULL,
    count INTEGER NOT NULL, total REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL, bins BLOB,
    PRIMARY KEY (resource, series, minute, dimensions)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS metrics_minute ON metrics (minute);
CREATE TABLE IF NOT EXISTS activity (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, resource TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS activity_at ON activity (at);
CREATE TABLE IF NOT EXISTS log_rows (
    id INTEGER PRIMARY KEY, workspace TEXT NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL, resource TEXT NOT NULL, content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS log_rows_at ON log_rows (workspace, kind, at);
CREATE INDEX IF NOT EXISTS log_rows_resource ON log_rows (resource, workspace);
"""
