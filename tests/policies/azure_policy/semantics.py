# SPDX-License-Identifier: Apache-2.0
"""The conditions of Azure Policy said once more, in another way than the evaluator says them, to compare the two.

Each function takes what is at hand and what the policy says. `MISSING` is a property that is not there. `FAILS` is an evaluation that
Azure ends with an error.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

MISSING = object()
FAILS = object()
_COLLATION = " +-.:_0123456789abcdefghijklmnopqrstuvwxyz"
"""The characters that the tests use, in the order of the invariant culture."""


def _kind(value: Any) -> str:
    if value is MISSING:
        return "missing"
    return {bool: "bool", int: "number", float: "number", str: "text", list: "array", dict: "object"}.get(
        type(value), "null"
    )


def _reads_as_number(text: str) -> float | None:
    bare = text.strip().lstrip("+-")
    whole, _, rest = bare.partition(".")
    return float(text) if whole.isdigit() and (rest.isdigit() or "." not in bare) and bare else None


def equals(value: Any, other: Any) -> bool:
    kinds = _kind(value), _kind(other)
    if kinds == ("text", "text"):
        return value.lower() == other.lower()
    if kinds == ("array", "array"):
        return len(value) == len(other) and all(map(equals, value, other))
    if kinds == ("object", "object"):
        mine, theirs = ({key.lower(): each for key, each in part.items()} for part in (value, other))
        return sorted(mine) == sorted(theirs) and all(equals(mine[key], theirs[key]) for key in mine)
    return not _readings(value).isdisjoint(_readings(other))


def _readings(value: Any) -> set[tuple[str, Any]]:
    """All that a value can be read as, where it is compared with one of another kind."""
    match _kind(value):
        case "missing":
            return {("nothing", 0)}
        case "null":
            return {("nothing", 0), ("empty", 0)}
        case "bool":
            return {("bool", value)}
        case "number":
            return {("number", float(value))}
        case "text":
            number = _reads_as_number(value)
            found: set[tuple[str, Any]] = set() if number is None else {("number", number)}
            found |= {("bool", each) for each in (True, False) if value.lower() == str(each).lower()}
            return found | ({("empty", 0)} if value == "" else set())
        case _:
            return set()


def _as_text(value: Any) -> str | None:
    match _kind(value):
        case "text":
            return value
        case "bool":
            return "true" if value else "false"
        case "number":
            return f"{value:g}"
        case _:
            return None


def like(value: Any, pattern: str) -> bool:
    text = _as_text(value)
    if text is None:
        return False
    head, star, tail = pattern.lower().partition("*")
    text = text.lower()
    if not star:
        return text == head
    return len(text) >= len(head) + len(tail) and text[: len(head)] == head and text[len(text) - len(tail) :] == tail


def match(value: Any, pattern: str) -> bool:
    text = _as_text(value)
    return text is not None and len(text) == len(pattern) and all(map(_fits, text, pattern))


def _fits(character: str, wanted: str) -> bool:
    classes: dict[str, Callable[[], bool]] = {"#": character.isdigit, "?": character.isalpha, ".": lambda: True}
    return classes.get(wanted, lambda: character == wanted)()


def match_insensitively(value: Any, pattern: str) -> bool:
    text = _as_text(value)
    return text is not None and match(text.lower(), pattern.lower())


def contains(value: Any, part: Any) -> bool:
    if _kind(value) == "array":
        return [each for each in value if equals(each, part)] != []
    text, sought = _as_text(value), _as_text(part)
    return text is not None and sought is not None and text.lower().find(sought.lower()) >= 0


def is_in(value: Any, allowed: list[Any]) -> bool:
    return [each for each in allowed if equals(value, each)] != []


def contains_key(value: Any, key: str) -> bool:
    return _kind(value) == "object" and key.lower() in map(str.lower, value)


def exists(value: Any, wanted: Any) -> bool:
    asked = wanted if isinstance(wanted, bool) else {"true": True, "false": False}[wanted.lower()]
    return asked is (_kind(value) not in ("missing", "null"))


def _compare(value: Any, other: Any) -> int | object | None:
    """Below 0, 0, above; None where there is nothing at hand."""
    match _kind(value), _kind(other):
        case ("missing" | "null", _):
            return None
        case ("number", "number"):
            return (value > other) - (value < other)
        case ("text", "text"):
            moments = _moment(value), _moment(other)
            if None not in moments:
                return (moments[0] > moments[1]) - (moments[0] < moments[1])  # type: ignore[operator]
            mine, theirs = ([_COLLATION.index(each) for each in text.lower()] for text in (value, other))
            return (mine > theirs) - (mine < theirs)
        case ("text", "number"):
            number = _reads_as_number(value)
            return FAILS if number is None else _compare(number, other)
        case ("number", "text"):
            number = _reads_as_number(other)
            return FAILS if number is None else _compare(value, number)
        case _:
            return FAILS


def _moment(text: str) -> datetime | None:
    for pattern in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z"):
        try:
            found = datetime.strptime(text, pattern)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _ordering(signs: set[int]) -> Callable[[Any, Any], Any]:
    def condition(value: Any, other: Any) -> Any:
        found = _compare(value, other)
        return found if found is FAILS else found in signs

    return condition


def _contrary(condition: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, other: not condition(value, other)


CONDITIONS: dict[str, Callable[[Any, Any], Any]] = {
    "equals": equals,
    "notEquals": _contrary(equals),
    "like": like,
    "notLike": _contrary(like),
    "match": match,
    "notMatch": _contrary(match),
    "matchInsensitively": match_insensitively,
    "notMatchInsensitively": _contrary(match_insensitively),
    "contains": contains,
    "notContains": _contrary(contains),
    "in": is_in,
    "notIn": _contrary(is_in),
    "containsKey": contains_key,
    "notContainsKey": _contrary(contains_key),
    "exists": exists,
    "less": _ordering({-1}),
    "lessOrEquals": _ordering({-1, 0}),
    "greater": _ordering({1}),
    "greaterOrEquals": _ordering({0, 1}),
}
