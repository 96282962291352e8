# SPDX-License-Identifier: Apache-2.0
"""Reads the plainest YAML, which nearly all packs are: texts, and lists of names with a word each.

Every preview waits for its packs, and a parser of all of YAML takes a while to load, and to read hundreds of lines.
"""

from __future__ import annotations

import re
from typing import Any

_LINE = re.compile(
    r"""
    (?:
        (?P<key>description|requires|rules|runtime|version|author|license|website):
        (?:
            \ (?:"(?P<quoted>[^"\\]*)"
            | (?P<words>[A-Za-z]\w*(?:\ [\w(][\w.,()/-]*)+)
            | (?P<word>python|mandatory|advisory|\d+\.\d+\.\d+))
        )?
    |
        \ \ (?P<name>[A-Za-z]\w*(?:-\w+)+):\ (?P<level>mandatory|advisory|remediate|disabled)
    )?
    (?:(?:^|\ )\ *\#.*)?
    """,
    re.VERBOSE | re.ASCII,
)


def read(content: bytes) -> dict[str, Any] | None:
    """The mapping that a file holds; None for whatever is not that plain, right or wrong."""
    if not content.isascii() or not content.replace(b"\n", b"").decode("ascii").isprintable():
        return None
    found: dict[str, Any] = {}
    inside: dict[str, Any] | None = None
    for line in content.decode("ascii").split("\n"):
        parts = _LINE.fullmatch(line)
        if parts is None:
            return None
        key, name = parts["key"], parts["name"]
        if key in found or (name and (inside is None or name in inside)):
            return None  # twice, or below nothing
        if name and inside is not None:
            inside[name] = parts["level"]
        elif key:
            value = next((parts[each] for each in ("quoted", "words", "word") if parts[each] is not None), None)
            inside = {} if value is None else None
            found[key] = inside if value is None else value
    # a key with nothing below it has no value
    return found if found and all(value != {} for value in found.values()) else None
