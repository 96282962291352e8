# SPDX-License-Identifier: Apache-2.0
"""Folders of small files: what tests upload and what they get back."""

from __future__ import annotations

from pathlib import Path


def folder(path: Path, **content: str) -> str:
    """A folder with these files; `__` in a name stands for a slash, `_` for a period."""
    for name, text in content.items():
        file = path / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return str(path)


def read(path: Path) -> dict[str, str]:
    """The files below a folder by their paths in it."""
    return {file.relative_to(path).as_posix(): file.read_text() for file in path.rglob("*") if file.is_file()}
