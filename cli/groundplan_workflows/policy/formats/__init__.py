# SPDX-License-Identifier: Apache-2.0
"""Reports of checks for other programs and people: SARIF, JUnit, Markdown, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy.formats import junit, markdown, sarif

if TYPE_CHECKING:
    from groundplan_workflows.policy.report import PolicyReport

Write = Callable[["PolicyReport", Path], str]
"""A report as text; paths in it are relative to the folder."""


FORMATS: Mapping[str, Write] = {
    "json": lambda report, _: json.dumps(report.as_dict(), indent=2, ensure_ascii=False) + "\n",
    "junit": junit.write,
    "markdown": markdown.write,
    "sarif": sarif.write,
}
_ENDINGS: Mapping[str, str] = {".sarif": "sarif", ".json": "json", ".xml": "junit", ".md": "markdown"}


def format_of(text: str) -> str:
    """A format by name. UsageError."""
    if text.lower() in FORMATS:
        return text.lower()
    raise UsageError(f"--format is {text!r}; one of text, {', '.join(sorted(FORMATS))} is needed")


def format_for(path: Path) -> str:
    """The format that a file's ending stands for. UsageError."""
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        known = ", ".join(f"{ending} ({name})" for ending, name in _ENDINGS.items())
        raise UsageError(f"--output is {str(path)!r}, whose ending names no format; known: {known}")
    return found


def save(report: PolicyReport, path: Path, folder: Path) -> None:
    """Write a report into a file, whole or not at all."""
    text = FORMATS[format_for(path)](report, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
