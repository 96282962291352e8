# SPDX-License-Identifier: Apache-2.0
"""What a deployment's processes wrote, in files of bounded size, and how `getLogs` shows it.

`server` is what the scoring servers wrote, `setup` how files and environments came, `events` what happened to the containers.
A line of a file: number of the instance, tab, text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import Final

_MOST_BYTES: Final = 4 << 20
"""Of one file; one older file of the same size is kept."""
SERVER: Final = "server"
SETUP: Final = "setup"
EVENTS: Final = "events"
_SHOWN_EVENTS: Final = 20
_STEPS: Final = ("SystemSetup", "UserContainerImagePull", "ModelDownload", "UserContainerStart")


class Log:
    """A file that lines are added to; it is made with the first."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.log"
        self._file: FileIO | None = None
        self._size = 0

    def write(self, instance: int, text: str) -> None:
        """Add a line."""
        line = f"{instance}\t{text}\n".encode("utf-8", "replace")
        if self._file is not None and self._size + len(line) > _MOST_BYTES:
            self.close()
            self._path.replace(_older(self._path))
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab", buffering=0)
            self._size = self._file.tell()
        self._file.write(line)
        self._size += len(line)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def shown(folder: Path, tail: int, container: str, state: str) -> str:
    """What `getLogs` answers of a deployment that runs here: how its instances came up, what happened, its containers' last lines."""
    if "storage" in container.lower():
        return _text(_tail(folder / f"{SETUP}.log", tail))
    lines = list(_tail(folder / f"{SERVER}.log", tail))
    what = "Container logs" if lines else "Setup logs"
    shown_lines = lines or list(_tail(folder / f"{SETUP}.log", tail))
    events = _text(_tail(folder / f"{EVENTS}.log", _SHOWN_EVENTS))
    return f"{_status(state, bool(lines))}\nContainer events:\n{events}\n{what}:\n{_text(shown_lines)}"


def _status(state: str, started: bool) -> str:
    last = "Succeeded" if state == "Succeeded" else "Failed" if state == "Failed" else "InProgress"
    values = [
        "Succeeded",
        "Succeeded" if started else last,
        "Succeeded" if started else last,
        last if started else "NotStarted",
    ]
    return "Instance status:\n" + "".join(f"{step}: {value}\n" for step, value in zip(_STEPS, values, strict=True))


def _tail(path: Path, count: int) -> Iterator[tuple[str, str]]:
    kept: deque[str] = deque(maxlen=max(count, 0))
    for each in (_older(path), path):
        if each.exists():
            with each.open(encoding="utf-8", errors="replace", newline="\n") as file:
                kept.extend(file)
    for line in kept:
        number, _, text = line.rstrip("\n").partition("\t")
        yield number, text


def _text(lines: Iterable[tuple[str, str]]) -> str:
    """Lines of more than one instance say which one they are of."""
    found = list(lines)
    several = len({number for number, _ in found}) > 1
    return "".join(f"[instance {number}] {text}\n" if several else f"{text}\n" for number, text in found)


def _older(path: Path) -> Path:
    return path.with_suffix(".log.1")
