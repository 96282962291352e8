# SPDX-License-Identifier: Apache-2.0
"""Tracebacks of Python, put together again from the lines that a process wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_BEGIN: Final = "Traceback (most recent call last):"
_RAISED = re.compile(r"(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?")
_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line \d+, in (?P<function>\S+)')
_LONGEST: Final = 500
"""Lines; a longer traceback loses its middle."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that was printed: its type, message and whole traceback, and the innermost frame."""

    type: str
    message: str
    stack: str
    file: str
    function: str


@dataclass(slots=True)
class Tracebacks:
    """Looks for tracebacks in the lines of one stream of one process."""

    _lines: list[str] = field(default_factory=list)

    def feed(self, line: str) -> Raised | None:
        """The exception that ends with this line, if one does."""
        if line.rstrip().endswith(_BEGIN):
            self._lines = [_BEGIN]
            return None
        if not self._lines:
            return None
        if not line.strip() or line[0].isspace():
            if len(self._lines) >= _LONGEST:
                del self._lines[_LONGEST // 2]
            self._lines.append(line)
            return None
        lines, self._lines = [*self._lines, line], []
        found = _RAISED.fullmatch(line.strip())
        if found is None:
            return None
        frames = [frame for frame in map(_FRAME.match, lines) if frame is not None]
        file, function = (frames[-1]["file"], frames[-1]["function"]) if frames else ("", "")
        return Raised(found["type"], found["message"] or "", "\n".join(lines), file, function)
