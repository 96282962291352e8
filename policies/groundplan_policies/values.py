# SPDX-License-Identifier: Apache-2.0
"""What a property can be besides a plain value: not known yet, secret, or out of a rule's reach."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, Literal


class Mark(Enum):
    """Stands in a resource's body for a value that nobody may or can look at."""

    UNKNOWN = "unknown"
    """Not known before the update: an id that Azure gives, the output of a resource that does not exist yet."""
    SECRET = "secret"  # noqa: S105  (the name of a mark)
    """Secret in the program: a rule can see that it is there, and nothing else."""

    def __repr__(self) -> str:
        return f"[{self.value}]"


UNKNOWN: Final = Mark.UNKNOWN
SECRET: Final = Mark.SECRET


class Undecided(Exception):  # noqa: N818  (the name says what it is)
    """A rule read a value that is unknown or secret: neither a violation nor a pass."""

    def __init__(self, path: str, cause: Literal["unknown", "secret"]) -> None:
        why = "is not known before the update" if cause == "unknown" else "is secret, so no rule can look at it"
        super().__init__(f"{path} {why}")
        self.path = path
        self.cause: Literal["unknown", "secret"] = cause


def shown(value: object) -> str:
    """A value as a message shows it: JSON's words for booleans, `absent` for nothing, long ones cut, marks as `[unknown]`."""
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def same(one: object, other: object) -> bool:
    """Whether Azure takes two values for the same: texts ignore case, and `true` may be written as a text."""
    if isinstance(one, bool) or isinstance(other, bool):
        return str(one).casefold() == str(other).casefold()
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return one == other


def child(node: Any, name: str) -> Any:
    """A property of an object by name, in the case given or in any; None where there is none. Marks give themselves."""
    if not isinstance(node, dict):
        return node if isinstance(node, Mark) else None
    if name in node:
        return node[name]
    lowered = name.casefold()
    for key in node:
        if key.casefold() == lowered:
            return node[key]
    return None
