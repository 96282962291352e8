# SPDX-License-Identifier: Apache-2.0
"""What the engine said, kept in files of `.groundplan/logs`; the oldest go."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from groundplan_workflows.project import Project

KEPT = 100
"""Files that stay."""


@dataclass(frozen=True, slots=True)
class Log:
    """A file that lines are added to."""

    path: Path
    _file: IO[str]

    def write(self, line: str) -> None:
        """Add a line."""
        self._file.write(f"{line}\n")


@contextlib.contextmanager
def open_log(project: Project, name: str) -> Generator[Log]:
    """A new log with the time and this name."""
    project.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in sorted(project.logs.glob("*.log"))[:-KEPT]:
        old.unlink(missing_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%S") + f"{time.time_ns() // 1_000_000 % 1000:03d}"
    path = project.logs / f"{stamp}-{name}.log"
    with path.open("w", encoding="utf-8", buffering=1) as file:
        yield Log(path, file)
