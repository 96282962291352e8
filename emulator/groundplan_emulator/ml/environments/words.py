# SPDX-License-Identifier: Apache-2.0
"""What uv said when it failed, for people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_NOISE: Final = (
    "Using Python ",
    "Resolved ",
    "Prepared ",
    "Installed ",
    "Downloading ",
    "Creating virtual environment ",
    "Activate with",
)
_MARKS: Final = re.compile(r"^[\s×╰─▶│├•]+|^(error|cause|hint):\s*", re.IGNORECASE)
_HINT: Final = 40
"""The most lines that are passed on: a failing build of a package can write thousands."""


def readable(said: Sequence[str]) -> str:
    """uv's own sentences without marks, counts and breaks of lines."""
    kept: list[str] = []
    for line in said:
        text = line.strip()
        if text.startswith(_NOISE):
            continue
        while (shorter := _MARKS.sub("", text)) != text:
            text = shorter
        if text and text not in kept:
            kept.append(text)
    return "\n".join(kept[-_HINT:]) or "uv failed and said nothing"
