# SPDX-License-Identifier: Apache-2.0
"""YAML files of a platform: read, with the line and column of whatever is wrong as a usage error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from groundplan_policies import located
from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class LocatedFile(located.LocatedFile):
    """A file's content, and where each part of it stands."""

    __slots__ = ()

    def fail(self, keys: Sequence[str | int], message: str, *, key: bool = False) -> UsageError:
        """An error about the value (or the key) at this place."""
        return UsageError(f"{self.at(keys, key=key)}: {message}")


def read(path: Path, *, needed: str) -> dict[str, Any]:
    """The mapping that a file holds, empty for an empty file; `needed` says in an error what should be in it."""
    return dict(_load(path, "safe", needed))


def read_located(path: Path, *, needed: str) -> LocatedFile:
    """The same, with places."""
    return LocatedFile(path, _load(path, "rt", needed))


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a mapping; no one ever sees half a file."""
    from ruamel.yaml import YAML

    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(content, file)
    fresh.replace(path)


def _load(path: Path, kind: Literal["safe", "rt"], needed: str) -> dict[str, Any]:
    try:
        return located.load(path, kind, needed)
    except located.FileError as error:
        raise UsageError(str(error)) from None
