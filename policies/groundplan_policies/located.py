# SPDX-License-Identifier: Apache-2.0
"""YAML files that people write: read, with the line and column of whatever is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from groundplan_policies import flat_yaml


class FileError(ValueError):
    """A file can not be read or holds something wrong; the message starts with `<file>:<line>:<column>` where that is known."""


@dataclass(frozen=True, slots=True)
class LocatedFile:
    """A file's content, and where each part of it stands."""

    path: Path
    content: dict[str, Any]

    def at(self, keys: Sequence[str | int], *, key: bool = False) -> str:
        """`<file>:<line>:<column>` of the value under `keys` (of its key, if asked); of what is above where it is missing."""
        line, column, inner = 0, 0, cast("Any", self.content)
        for each in keys:
            places = cast("Mapping[Any, Any]", getattr(getattr(inner, "lc", None), "data", None) or {})
            if each not in places:
                break
            place = places[each]
            # a mapping notes the place of the key and of the value, a list that of the item
            line, column = place[:2] if key or len(place) == 2 or place[2] is None else place[2:4]
            inner = inner[each]
        return f"{self.path}:{line + 1}:{column + 1}"


def load(path: Path, kind: Literal["safe", "rt"], needed: str) -> dict[str, Any]:
    """The mapping that a file holds, empty for an empty file; `needed` says in an error what should be in it. Raises `FileError`.

    `safe` gives plain dictionaries; `rt` gives those that know their places, for `LocatedFile`.
    """
    flat = flat_yaml.read(path.read_bytes()) if kind == "safe" else None
    if flat is not None:
        return flat
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        content = YAML(typ=kind).load(path)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        # the second line of a problem about a doubled key is about ruamel's own switch
        said = ", ".join(part.strip().splitlines()[0] for part in (error.context, error.problem) if part)
        raise FileError(f"{path}{place} is not valid YAML: {said}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise FileError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise FileError(f"{path} holds {_kind(content)}; {needed} is needed")
    return cast("dict[str, Any]", content)


def _kind(content: object) -> str:
    return "list" if isinstance(content, list) else "text" if isinstance(content, str) else type(content).__name__
