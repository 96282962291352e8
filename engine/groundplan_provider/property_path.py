# SPDX-License-Identifier: Apache-2.0
"""Pulumi's property paths: `a.b[0]["c.d"]` and, in `ignoreChanges`, the wildcard `*`.

Syntax: https://www.pulumi.com/docs/iac/concepts/miscellaneous/property-paths/
"""

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The steps from the top of a property bag: names and list indices."""

WILDCARD = "*"

_PLAIN = re.compile(r"[^.\[\]\"]+\Z")
_STEP = re.compile(r'\[(?P<index>\d+)\]|\[\*\]|\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|\.?(?P<name>[^.\[\]"]+)')


def format_path(path: Iterable[str | int]) -> str:
    """The path as Pulumi writes it; a name with a dot, bracket or quote is quoted."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.match(step):
            text += f".{step}" if text else step
        else:
            quoted = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


def parse_path(text: str) -> Path:
    """The steps of a written path; `ValueError` names the place where it can not be read."""
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            raise ValueError(f"property path {text!r} can not be read from {text[position:]!r} on")
        if (index := match["index"]) is not None:
            steps.append(int(index))
        elif (quoted := match["quoted"]) is not None:
            steps.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            steps.append(match["name"] or WILDCARD)
        position = match.end()
    return tuple(steps)


def covers(pattern: Sequence[str | int], path: Sequence[str | int]) -> bool:
    """Whether `path` is the place that `pattern` names, or lies below it."""
    return len(pattern) <= len(path) and all(
        want in (WILDCARD, step) for want, step in zip(pattern, path, strict=False)
    )


def names(path: Iterable[str | int]) -> tuple[str, ...]:
    """The path without its list indices: the place in a type rather than in a value."""
    return tuple(step for step in path if isinstance(step, str))
