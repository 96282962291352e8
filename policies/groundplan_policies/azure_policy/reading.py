# SPDX-License-Identifier: Apache-2.0
"""Finds definitions, initiatives, assignments and exemptions in JSON files, in the forms in which people keep them.

`{"properties": {...}}` with or without `id` and `name`; the properties alone; what `az policy ... show` and `list` print; arrays of
these, `{"value": [...]}` included; folders of all that; and rules beside their parameters, as samples come
(`azurepolicy.rules.json`, `azurepolicy.parameters.json`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from groundplan_policies.azure_policy.errors import Problem
from groundplan_policies.values import shown

Kind = Literal["definition", "initiative", "assignment", "exemption"]
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("policyRule", "definition"),
    ("policyDefinitions", "initiative"),
    ("policyAssignmentId", "exemption"),
    ("policyDefinitionId", "assignment"),
)
_NEEDED = (
    "a policy definition (policyRule), initiative (policyDefinitions), assignment (policyDefinitionId) "
    "or exemption (policyAssignmentId)"
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_RULES, _PARAMETERS = ".rules.json", ".parameters.json"
_WHOLE_FOLDER = "azurepolicy"
"""Name of the files of samples, which have a folder each."""


@dataclass(frozen=True, slots=True)
class Document:
    """One object of a file. `content`: its properties, with `id` among them where it is known."""

    kind: Kind
    name: str
    content: Mapping[str, Any]
    file: str


@dataclass(slots=True)
class Found:
    """What files hold. `skipped`: files of folders that hold nothing of Azure Policy."""

    documents: list[Document]
    problems: list[Problem]
    skipped: list[str]


def read_files(paths: Iterable[Path]) -> Found:
    """Reads files and folders."""
    found = Found([], [], [])
    for path in paths:
        if path.is_dir():
            for each in sorted(path.rglob("*.json")):
                _read_file(each, found, asked_for=False)
        else:
            _read_file(path, found, asked_for=True)
    return found


def _read_file(path: Path, found: Found, *, asked_for: bool) -> None:
    name = path.name.casefold()
    if name.endswith((_RULES, _PARAMETERS)) and not asked_for and not _belongs(path):
        return
    content = _parsed(path, found)
    if content is None:
        return
    if name.endswith(_RULES):
        content = {"policyRule": content, "parameters": _beside(path, found)}
    fallback = path.parent.name if path.name.split(".")[0].casefold() == _WHOLE_FOLDER else path.name.split(".")[0]
    rows = list(_rows(content))
    before = len(found.documents)
    for index, row in enumerate(rows):
        at = "" if len(rows) == 1 and row is content else f"[{index}]"
        _add(row, fallback if not at else f"{fallback}-{index + 1}", at, path, found, asked_for=asked_for)
    if len(found.documents) == before and not asked_for:
        found.skipped.append(str(path))


def _belongs(path: Path) -> bool:
    """Whether rules stand without the whole definition beside them; parameters are read with their rules."""
    if path.name.casefold().endswith(_PARAMETERS):
        return False
    stem = path.name[: -len(_RULES)]
    return not (path.parent / f"{stem}.json").exists()


def _beside(path: Path, found: Found) -> Any:
    other = path.parent / (path.name[: -len(_RULES)] + _PARAMETERS)
    return _parsed(other, found) if other.exists() else None


def _parsed(path: Path, found: Found) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text)
        if _SURROGATE.search(text):
            json.dumps(content, ensure_ascii=False).encode()
    except OSError as error:
        says = f"can not be read: {error.strerror or error}"
    except UnicodeEncodeError:
        says = "has half of a character in a text: an escape from \\ud800 to \\udfff without its other half"
    except UnicodeDecodeError:
        says = "is not UTF-8"
    except RecursionError:
        says = "is nested too deep"
    except json.JSONDecodeError as error:
        says = f"is not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}"
    else:
        return content
    found.problems.append(Problem("", says, str(path)))
    return None


def _rows(content: Any) -> Iterator[Any]:
    if isinstance(content, list):
        yield from cast("list[Any]", content)
    elif isinstance(content, dict) and isinstance(cast("dict[str, Any]", content).get("value"), list):
        yield from cast("dict[str, Any]", content)["value"]
    else:
        yield content


def _add(row: Any, fallback: str, at: str, path: Path, found: Found, *, asked_for: bool) -> None:
    if not isinstance(row, dict):
        if asked_for:
            found.problems.append(Problem(at, f"is {shown(row)}; {_NEEDED} is needed", str(path)))
        return
    whole = cast("dict[str, Any]", row)
    inner = whole.get("properties")
    content = {**whole, **cast("dict[str, Any]", inner)} if isinstance(inner, dict) else dict(whole)
    kind: Kind | None = next((kind for key, kind in _KINDS if key in content), None)
    if kind is None:
        if asked_for:
            there = ", ".join(content) or "nothing"
            found.problems.append(Problem(at, f"has {there}; {_NEEDED} is needed", str(path)))
        return
    identifier = content.get("id")
    last = identifier.rstrip("/").rsplit("/", 1)[-1] if isinstance(identifier, str) and identifier else ""
    name = whole.get("name")
    found.documents.append(
        Document(kind, name if isinstance(name, str) and name else last or fallback, content, str(path))
    )
