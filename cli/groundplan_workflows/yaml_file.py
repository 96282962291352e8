# SPDX-License-Identifier: Apache-2.0
"""YAML files that people write: read, with the line and column of whatever is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class LocatedFile:
    """A file's content, and where each part of it stands."""

    path: Path
    content: dict[str, Any]

    def at(self, keys: Sequence[str | int], *, key: bool = False) -> str:
        """`<file>:<line>:<column>` of the value under `keys` (of its key, if asked); of what is above where it is missing."""
        line, column, inner = 0, 0, cast("Any", self.content)
        for each in keys:
            places = getattr(getattr(inner, "lc", None), "data", None) or {}
            if each not in places:
                break
            place = places[each]
            # a mapping notes the place of the key and of the value, a list that of the item
            line, column = place[:2] if key or len(place) == 2 or place[2] is None else place[2:4]
            inner = inner[each]
        return f"{self.path}:{line + 1}:{column + 1}"

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


def _load(path: Path, kind: str, needed: str) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        content = YAML(typ=kind).load(path)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        # the second line of a problem about a doubled key is about ruamel's own switch
        said = ", ".join(part.strip().splitlines()[0] for part in (error.context, error.problem) if part)
        raise UsageError(f"{path}{place} is not valid YAML: {said}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise UsageError(f"{path} holds {_kind(content)}; {needed} is needed")
    return cast("dict[str, Any]", content)


def _kind(content: object) -> str:
    return "list" if isinstance(content, list) else "text" if isinstance(content, str) else type(content).__name__
