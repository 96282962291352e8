# SPDX-License-Identifier: Apache-2.0
"""What a pack saw and said during a preview, as a file: checks in milliseconds read it, and reports are made from it.

Secrets are not in it: a pack never holds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from groundplan_policies.located import FileError
from groundplan_policies.resource import Resource
from groundplan_policies.values import Mark

VERSION = 1
_MARK = "$mark"


@dataclass(frozen=True, slots=True)
class Record:
    """The resources of one preview of one stack, in the order of the program."""

    project: str
    stack: str
    resources: Sequence[Resource]
    findings: Sequence[Mapping[str, Any]] = ()
    """What the pack told the engine: rule, verdict, level, key of the resource, path, message, exemption."""
    places: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where the program declares a resource, by key: `__main__.py#12`, relative to the program's folder."""


def write(path: Path, record: Record) -> None:
    """Write a record; nobody ever sees half of one."""
    document = {
        "version": VERSION,
        "project": record.project,
        "stack": record.stack,
        "resources": [_row(each) for each in record.resources],
        "findings": list(record.findings),
        "places": dict(record.places),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def read(path: Path) -> Record:
    """Read a record. Raises `FileError` for what is none, or one of another version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(f"{path} is no record of a preview: {error}; make one with `groundplan policy check`") from None
    if not isinstance(document, dict) or cast("dict[str, Any]", document).get("version") != VERSION:
        raise FileError(f"{path} is no record of version {VERSION}; make it again with `groundplan policy check`")
    found = cast("dict[str, Any]", document)
    try:
        resources = [_resource(row) for row in found["resources"]]
        return Record(found["project"], found["stack"], resources, found["findings"], found["places"])
    except (KeyError, TypeError, ValueError):
        raise FileError(f"{path} is a damaged record; make it again with `groundplan policy check`") from None


def _row(each: Resource) -> dict[str, Any]:
    references = each.references
    return {
        "type": each.type,
        "name": each.name,
        "key": each.key,
        "id": each.id,
        "scope": _out(each.scope),
        "label": each.label,
        "references": None if references is None else {at: sorted(keys) for at, keys in references.items()},
        "parents": list(each.parents),
        "token": each.token,
        "last_name": each.last_name,
        "body": _out(each.node),
    }


def _resource(row: Mapping[str, Any]) -> Resource:
    references: Mapping[str, Iterable[str]] | None = row["references"]
    return Resource(
        _in(row["body"]),
        type=row["type"],
        name=row["name"],
        key=row["key"],
        id=row["id"],
        scope=_in(row["scope"]),
        label=row["label"],
        references=None if references is None else {at: frozenset(keys) for at, keys in references.items()},
        parents=tuple(row["parents"]),
        token=row["token"],
        last_name=row["last_name"],
    )


def _out(value: Any) -> Any:
    if isinstance(value, Mark):
        return {_MARK: value.value}
    if isinstance(value, dict):
        return {key: _out(each) for key, each in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_out(each) for each in cast("list[Any]", value)]
    return value


def _in(value: Any) -> Any:
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        if len(found) == 1 and _MARK in found:
            return Mark(found[_MARK])
        return {key: _in(each) for key, each in found.items()}
    if isinstance(value, list):
        return [_in(each) for each in cast("list[Any]", value)]
    return value
