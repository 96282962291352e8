# SPDX-License-Identifier: Apache-2.0
"""The conditions of the language: what each says of two values, as far as they are known.

Sources: "Azure Policy definition structure policy rule" of Microsoft's documentation; for what it leaves open (numbers and booleans
against texts, an explicit null against an empty text) the policy module of microsoft/regorus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from groundplan_policies.azure_policy.comparing import ABSENT, Absent, alike, order, text_of
from groundplan_policies.values import Mark

Truth = bool | None
"""None where it depends on a value that is not known."""


class Mismatch(Exception):  # noqa: N818  (the name says what it is)
    """Values that a condition can not compare, which is an error in Azure too."""


def _nothing(value: Any) -> bool:
    return value is None or value is ABSENT


def _some(truths: Iterable[Truth]) -> Truth:
    found: Truth = False
    for each in truths:
        if each:
            return True
        if each is None:
            found = None
    return found


def _is_in(value: Any, allowed: Any) -> Truth:
    if isinstance(allowed, Mark):
        return None
    if not isinstance(allowed, list):
        raise Mismatch("an array is needed to look in")
    return _some(alike(value, each) for each in cast("list[Any]", allowed))


def _contains(value: Any, part: Any) -> Truth:
    if isinstance(value, list):
        return _some(alike(each, part) for each in cast("list[Any]", value))
    return _texts(value, part, lambda text, sought: sought.casefold() in text.casefold())


def _contains_key(value: Any, key: Any) -> Truth:
    if isinstance(value, Mark):
        return None
    if not isinstance(value, dict):
        return False
    if isinstance(key, Mark):
        return None if value else False
    return any(alike(each, key) for each in cast("dict[str, Any]", value))


def _texts(value: Any, other: Any, holds: Callable[[str, str], bool]) -> Truth:
    """What holds of two values as texts; nothing does where one has no text."""
    if not isinstance(value, Mark) and text_of(value) is None:
        return False
    if isinstance(value, Mark) or isinstance(other, Mark):
        return None
    text, sought = text_of(value), text_of(other)
    return text is not None and sought is not None and holds(text, sought)


def like(text: str, pattern: str) -> bool:
    """Whether a text fits a pattern in which `*` stands for anything, letter case ignored."""
    parts = (re.escape(part) for part in pattern.casefold().split("*"))
    return re.fullmatch(".*".join(parts), text.casefold(), re.DOTALL) is not None


_CLASSES = {"#": "[0-9]", "?": "[A-Za-z]", ".": "."}


def matches(text: str, pattern: str) -> bool:
    """Whether a text fits a pattern character by character: `#` a digit, `?` a letter, `.` anything, the rest itself."""
    wanted = "".join(_CLASSES.get(each) or re.escape(each) for each in pattern)
    return re.fullmatch(wanted, text, re.DOTALL) is not None


def _exists(value: Any, wanted: Any) -> Truth:
    if wanted is Mark.UNKNOWN or wanted is Mark.SECRET:
        return None
    asked = str(wanted).casefold()
    if asked not in ("true", "false"):
        raise Mismatch("exists takes true or false")
    if value is Mark.UNKNOWN:
        return None
    return (not _nothing(value)) is (asked == "true")


def _ordered(holds: Callable[[int], bool]) -> Callable[[Any, Any], Truth]:
    def compare(value: Any, other: Any) -> Truth:
        if _nothing(value):
            return False
        if isinstance(value, Mark) or isinstance(other, Mark):
            return None
        found = order(value, other)
        if found is None:
            raise Mismatch("two numbers, two texts or two dates are needed to compare which is greater")
        return holds(found)

    return compare


def _not(positive: Callable[[Any, Any], Truth]) -> Callable[[Any, Any], Truth]:
    def contrary(value: Any, other: Any) -> Truth:
        found = positive(value, other)
        return None if found is None else not found

    return contrary


_POSITIVE: dict[str, Callable[[Any, Any], Truth]] = {
    "equals": alike,
    "like": lambda value, other: _texts(value, other, like),
    "match": lambda value, other: _texts(value, other, matches),
    "matchInsensitively": lambda value, other: _texts(
        value, other, lambda text, pattern: matches(text.casefold(), pattern.casefold())
    ),
    "contains": _contains,
    "in": _is_in,
    "containsKey": _contains_key,
}

OPERATORS: dict[str, Callable[[Any, Any], Truth]] = {
    **_POSITIVE,
    **{f"not{name[0].upper()}{name[1:]}": _not(holds) for name, holds in _POSITIVE.items()},
    "less": _ordered(lambda found: found < 0),
    "lessOrEquals": _ordered(lambda found: found <= 0),
    "greater": _ordered(lambda found: found > 0),
    "greaterOrEquals": _ordered(lambda found: found >= 0),
    "exists": _exists,
}
"""By name: what the condition says of the value at hand and the one in the policy. They raise `Mismatch`."""

BY_KEY = {name.casefold(): name for name in OPERATORS}
"""Names as they are written, by lower case."""

__all__ = ["ABSENT", "BY_KEY", "OPERATORS", "Absent", "Mismatch", "Truth", "like", "matches"]
