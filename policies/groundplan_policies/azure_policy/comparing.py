# SPDX-License-Identifier: Apache-2.0
"""When Azure Policy takes two values for the same, and which it takes for the greater.

Letter case is ignored. A text stands for a number or a boolean where it reads as one: `"true"` is `true`, `"80"` is `80`. An explicit
null is the empty text too; a property that is not there is neither. Two texts that are dates are compared as points in time, all
other texts as texts, in the order of the invariant culture: signs, then digits, then letters.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, cast

from groundplan_policies.values import Mark


class Absent(Enum):
    """Stands for a property that is not there."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
_NUMBER = re.compile(r"\s*[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*", re.ASCII)
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII | re.IGNORECASE
)


def text_of(value: Any) -> str | None:
    """A text, a number or a boolean as a text; None for everything else."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case _:
            return None


def _number_of(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def alike(one: Any, other: Any) -> bool | None:
    """Whether two values are the same; None where that depends on a value that is not known."""
    if isinstance(one, Mark) or isinstance(other, Mark):
        return None
    if isinstance(one, list) and isinstance(other, list):
        return _lists_alike(cast("list[Any]", one), cast("list[Any]", other))
    if isinstance(one, dict) and isinstance(other, dict):
        return _objects_alike(cast("dict[str, Any]", one), cast("dict[str, Any]", other))
    if one is ABSENT or other is ABSENT:
        return all(each is ABSENT or each is None for each in (one, other))
    if one is None or other is None:
        return all(each is None or each == "" for each in (one, other))
    return _plain(one) and _plain(other) and _scalars_alike(one, other)


def _plain(value: Any) -> bool:
    return not isinstance(value, (list, dict))


def _scalars_alike(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        texts = isinstance(one, (bool, str)) and isinstance(other, (bool, str))
        return texts and str(one).casefold() == str(other).casefold()
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, str):
        return _number_of(one) == other
    if isinstance(other, str):
        return one == _number_of(other)
    return one == other


def _lists_alike(one: list[Any], other: list[Any]) -> bool | None:
    if len(one) != len(other):
        return False
    return _every([alike(*pair) for pair in zip(one, other, strict=True)])


def _objects_alike(one: dict[str, Any], other: dict[str, Any]) -> bool | None:
    first, second = ({key.casefold(): value for key, value in each.items()} for each in (one, other))
    if first.keys() != second.keys():
        return False
    return _every([alike(value, second[key]) for key, value in first.items()])


def _every(truths: list[bool | None]) -> bool | None:
    if False in truths:
        return False
    return None if None in truths else True


def order(one: Any, other: Any) -> int | None:
    """Below 0, 0 or above: how two values stand to each other; None where they can not be compared."""
    if not (_comparable(one) and _comparable(other)):
        return None
    if isinstance(one, str) and isinstance(other, str):
        times = _moment(one), _moment(other)
        if times[0] is not None and times[1] is not None:
            return _sign(times[0], times[1])
        return _sign(_sort_key(one), _sort_key(other))
    numbers = [_number_of(each) if isinstance(each, str) else each for each in (one, other)]
    return None if None in numbers else _sign(numbers[0], numbers[1])


def _comparable(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _sign(one: Any, other: Any) -> int:
    return (one > other) - (one < other)


def _moment(text: str) -> datetime | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _sort_key(text: str) -> list[tuple[int, str]]:
    ranks = {"L": 2, "N": 1}
    return [(ranks.get(unicodedata.category(each)[0], 0), each) for each in text.casefold()]
