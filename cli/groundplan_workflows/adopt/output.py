# SPDX-License-Identifier: Apache-2.0
"""The folder that a plan of an import is written to, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan_workflows.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def check(folder: Path) -> None:
    """UsageError for a folder that holds something, or cannot be one."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder; nothing is overwritten: choose another --output")


def write(folder: Path, files: Mapping[str, Any]) -> None:
    """Write JSON documents (or texts) by file name."""
    check(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            fresh.chmod(0o755)
            for name, content in files.items():
                text = content if isinstance(content, str) else json.dumps(content, indent=2) + "\n"
                (fresh / name).write_text(text, encoding="utf-8")
            fresh.replace(folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror}; choose another --output") from None
