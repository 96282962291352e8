# SPDX-License-Identifier: Apache-2.0
"""MLflow's filters over registered models and their versions: `name LIKE 'fraud%' AND tags.stage = 'test'`, and `order_by`.

Comparisons joined by AND: `=`, `!=`, `LIKE`, `ILIKE`, `IN`, and for numbers `<`, `<=`, `>`, `>=`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from groundplan_emulator.ml.tracking.refusal import invalid

_STRING: Final = r"'(?:[^']|'')*'|\"[^\"]*\""
_CLAUSE: Final = re.compile(
    r"\s*(?P<key>tags?\.(?:`[^`]+`|\"[^\"]+\"|[\w.-]+)|`?\w+`?)\s*(?P<op>!=|<=|>=|=|<|>|(?:NOT\s+)?(?:LIKE|ILIKE|IN)\b)\s*"
    rf"(?P<value>{_STRING}|-?\d+(?:\.\d+)?|\(\s*(?:{_STRING})(?:\s*,\s*(?:{_STRING}))*\s*\))\s*(?P<next>AND\b|$)",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(r"\s*`?(\w+)`?(?:\s+(ASC|DESC))?\s*", re.IGNORECASE)
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "like": lambda a, b: _like(a, b, 0),
    "ilike": lambda a, b: _like(a, b, re.IGNORECASE),
}

Test = Callable[[Mapping[str, Any], Mapping[str, str]], bool]


def test_of(text: str, allowed: Sequence[str]) -> Test:
    """A test of (fields, tags) for a filter; Refusal where it is not understood. `allowed`: the fields."""
    tests: list[Test] = []
    at, expected = 0, bool(text.strip())
    while expected:
        match = _CLAUSE.match(text, at)
        if match is None:
            raise invalid(
                f"The filter '{text}' is not understood at '{text[at : at + 40].strip()}': comparisons such as name = 'x',"
                f" name LIKE 'x%' or tags.key = 'y', joined by AND; fields are {', '.join(allowed)} and tags.KEY."
            )
        tests.append(_test(match["key"], match["op"], match["value"], allowed))
        at, expected = match.end(), bool(match["next"])
    return lambda fields, tags: all(test(fields, tags) for test in tests)


def _test(key: str, operator: str, literal: str, allowed: Sequence[str]) -> Test:
    words = operator.lower().split()
    compare, wanted = _COMPARE[words[-1]], _value(literal)
    negated = words[0] == "not"
    prefix, dot, tag = key.partition(".")
    if dot and prefix.lower() in ("tag", "tags"):
        tag = tag.strip('`"')
        return lambda _, tags: tag in tags and compare(tags[tag], wanted) != negated
    field = key.strip("`").lower()
    if field not in allowed:
        raise invalid(f"'{key}' cannot be filtered by; allowed: {', '.join(allowed)} and tags.KEY.")

    def test(fields: Mapping[str, Any], _: Mapping[str, str]) -> bool:
        value = fields.get(field) or ("" if not isinstance(wanted, float) else 0)
        try:
            given = float(value) if isinstance(wanted, float) else str(value)
        except ValueError:
            return False
        return compare(given, wanted) != negated

    return test


def _value(literal: str) -> Any:
    if literal.startswith("("):
        return {_text(each) for each in re.findall(_STRING, literal)}
    return _text(literal) if literal[0] in "'\"" else float(literal)


def _text(literal: str) -> str:
    return literal[1:-1].replace("''", "'")


def _like(value: str, pattern: str, flags: int) -> bool:
    parts = (".*" if each == "%" else "." if each == "_" else re.escape(each) for each in pattern)
    return re.fullmatch("".join(parts), value, flags | re.DOTALL) is not None


def ordered(items: list[dict[str, Any]], order_by: Sequence[str], default: Sequence[str]) -> list[dict[str, Any]]:
    """Items in the order asked for, e.g. ['name ASC', 'version_number DESC']; Refusal for a field that they do not have."""
    for each in reversed([*order_by, *default]):
        match = _ORDER.fullmatch(each)
        field = match[1].lower() if match else ""
        field = {"timestamp": "last_updated_timestamp", "version_number": "version"}.get(field, field)
        if match is None or field not in ("name", "version", "creation_timestamp", "last_updated_timestamp"):
            raise invalid(
                f"'{each}' is no order; allowed: name, version_number, creation_timestamp, last_updated_timestamp."
            )
        items.sort(key=lambda item, by=field: _sortable(item.get(by)), reverse=(match[2] or "").upper() == "DESC")
    return items


def _sortable(value: Any) -> tuple[int, float, str]:
    text = str(value)
    return (0, float(text), "") if text.isdigit() else (1, 0.0, text)
