# SPDX-License-Identifier: Apache-2.0
"""Symbolic texts: names and ids in which the expression stands for what is not known.

`kv-{parameters('name')}` is the symbolic text of `[concat('kv-', parameters('name'))]` where nobody knows the parameter. Two ids with
the same symbolic text are those of one resource, so resources that refer to each other are found although no id is known.
"""

from __future__ import annotations

import re

_OPEN, _CLOSE = "\ue000", "\ue001"
_PART = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}")


def opaque(expression: str) -> str:
    """The symbolic text of an expression that nobody can look into."""
    return f"{_OPEN}{expression.replace(_OPEN, '{').replace(_CLOSE, '}')}{_CLOSE}"


def known(symbol: str) -> bool:
    """Whether a symbolic text is a plain one."""
    return _OPEN not in symbol


def segments(symbol: str) -> list[str]:
    """The parts between slashes, of which those inside of expressions are none."""
    parts = [""]
    at = 0
    for found in _PART.finditer(symbol):
        first, *more = symbol[at : found.start()].split("/")
        parts[-1] += first
        parts += more
        parts[-1] += found[0]
        at = found.end()
    first, *more = symbol[at:].split("/")
    parts[-1] += first
    return parts + more


def shown(symbol: str) -> str:
    """A symbolic text as people read it, with braces around expressions."""
    return symbol.replace(_OPEN, "{").replace(_CLOSE, "}")


def same_key(symbol: str) -> str:
    """What to compare and index symbolic ids by: Azure ignores case, and a slash at the end."""
    return symbol.rstrip("/").casefold()
