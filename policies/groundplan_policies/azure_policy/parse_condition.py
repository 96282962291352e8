# SPDX-License-Identifier: Apache-2.0
"""Reads conditions: the `if` of a policy, the `where` of a count, the `existenceCondition` of an effect."""

from __future__ import annotations

from typing import Any, cast

from groundplan_policies.azure_policy.aliases import Alias
from groundplan_policies.azure_policy.errors import nearest
from groundplan_policies.azure_policy.operators import BY_KEY, OPERATORS
from groundplan_policies.azure_policy.syntax import (
    AllOf,
    AnyOf,
    Computed,
    Condition,
    Field,
    FieldCount,
    Fixed,
    Node,
    Not,
    Subject,
    Template,
    Value,
    ValueCount,
)
from groundplan_policies.azure_policy.templates import Reader, text_in
from groundplan_policies.expressions import is_expression
from groundplan_policies.values import shown

_LOGICAL = ("allOf", "anyOf", "not")
_SUBJECTS = ("field", "value", "count")
_NOTHING = Fixed("")


def read_condition(document: Any, at: str, reader: Reader) -> Node | None:
    """A condition; None where there is none that can be used, with the problems noted."""
    if not isinstance(document, dict):
        reader.problems.add(at, f"is {shown(document)}; an object with a condition is needed")
        return None
    row = cast("dict[str, Any]", document)
    keys = {key.casefold(): key for key in row}
    logical = [name for name in _LOGICAL if name.casefold() in keys]
    subjects = [name for name in _SUBJECTS if name in keys]
    if len(logical) + len(subjects) != 1:
        _tell_what_is_wrong(row, at, reader)
        return None
    if logical:
        return _logical(logical[0], row, keys, at, reader)
    return _condition(subjects[0], row, keys, at, reader)


def _tell_what_is_wrong(row: dict[str, Any], at: str, reader: Reader) -> None:
    known = (*_LOGICAL, *_SUBJECTS)
    if "source" in {key.casefold() for key in row}:
        says = "has 'source', which Azure no longer takes; a condition on the field 'type' is needed in its place"
    else:
        hints = "".join(nearest(key, known) for key in row if key not in (*OPERATORS, *known))
        there = ", ".join(row) or "nothing"
        says = f"has {there}; exactly one of {', '.join(known)} is needed{hints}"
    reader.problems.add(at, says)


def _logical(name: str, row: dict[str, Any], keys: dict[str, str], at: str, reader: Reader) -> Node | None:
    key = keys[name.casefold()]
    place = f"{at}.{key}"
    _only(row, {key}, at, reader)
    if name == "not":
        item = read_condition(row[key], place, reader)
        return None if item is None else Not(item)
    if not isinstance(row[key], list) or not row[key]:
        reader.problems.add(place, f"is {shown(row[key])}; an array with one condition or more is needed")
        return None
    found = [read_condition(each, f"{place}[{i}]", reader) for i, each in enumerate(cast("list[Any]", row[key]))]
    items = tuple(each for each in found if each is not None)
    return (AllOf if name == "allOf" else AnyOf)(items)


def _only(row: dict[str, Any], keys: set[str], at: str, reader: Reader) -> None:
    for key in row.keys() - keys:
        reader.problems.add(f"{at}.{key}", f"is not expected beside {', '.join(sorted(keys))}{nearest(key, keys)}")


def _condition(subject: str, row: dict[str, Any], keys: dict[str, str], at: str, reader: Reader) -> Node | None:
    key = keys[subject]
    operators = {each: BY_KEY[each.casefold()] for each in row if each != key and each.casefold() in BY_KEY}
    unknown = [each for each in row if each != key and each not in operators]
    for each in unknown:
        hint = nearest(each, OPERATORS)
        reader.problems.add(f"{at}.{each}", f"is no condition; one of {', '.join(OPERATORS)} is needed{hint}")
    found = _subject(subject, row[key], f"{at}.{key}", reader)
    if len(operators) != 1:
        if not unknown:
            there = ", ".join(operators) or "none"
            reader.problems.add(at, f"has {there} beside '{key}'; exactly one condition such as equals is needed")
        return None
    ((written, operator),) = operators.items()
    expected = reader.read(row[written], f"{at}.{written}")
    _check_expected(operator, expected, f"{at}.{written}", reader)
    return None if found is None else Condition(found, operator, expected, at)


def _check_expected(operator: str, expected: Template, at: str, reader: Reader) -> None:
    """What is written out has the type that the condition needs."""
    if isinstance(expected, Computed):
        return
    value = expected.value if isinstance(expected, Fixed) else _NOTHING
    if operator in ("in", "notIn"):
        if not isinstance(value, list) and isinstance(expected, Fixed):
            reader.problems.add(at, f"is {shown(value)}; an array is needed")
    elif operator == "exists" and str(value).casefold() not in ("true", "false"):
        reader.problems.add(at, f"is {text_in(expected)}; true or false is needed")


def _subject(name: str, value: Any, at: str, reader: Reader) -> Subject | None:
    match name:
        case "field":
            return _field(value, at, reader)
        case "value":
            read = reader.read(value, at)
            return Value(read, text_in(read))
        case _:
            return _count(value, at, reader)


def _field(value: Any, at: str, reader: Reader) -> Field | None:
    if not isinstance(value, str):
        reader.problems.add(at, f"is {shown(value)}; the name of a field is needed")
        return None
    found = reader.read(value, at)
    if isinstance(found, Fixed):
        reader.note(found.value, at)
    return Field(found)


def _count(value: Any, at: str, reader: Reader) -> Subject | None:
    if not isinstance(value, dict):
        reader.problems.add(at, f"is {shown(value)}; an object with field or value, and where, is needed")
        return None
    row = cast("dict[str, Any]", value)
    over = [key for key in ("field", "value") if key in row]
    if len(over) != 1:
        there = ", ".join(row) or "nothing"
        reader.problems.add(at, f"has {there}; exactly one of field, value is needed")
        return None
    _only(row, {"field", "where"} if over == ["field"] else {"value", "name", "where"}, at, reader)
    return _field_count(row, at, reader) if over == ["field"] else _value_count(row, at, reader)


def _field_count(row: dict[str, Any], at: str, reader: Reader) -> FieldCount | None:
    name = row["field"]
    if not isinstance(name, str) or is_expression(name) or not name.endswith("[*]") or "/" not in name:
        reader.problems.add(f"{at}.field", f"is {shown(name)}; an alias that ends with '[*]' is needed")
        return None
    where = read_condition(row["where"], f"{at}.where", reader.inside(name)) if "where" in row else None
    found = reader.note(name, f"{at}.field")
    return FieldCount(found, where) if isinstance(found, Alias) else None


def _value_count(row: dict[str, Any], at: str, reader: Reader) -> ValueCount | None:
    read = reader.read(row["value"], f"{at}.value")
    if isinstance(read, Fixed) and not isinstance(read.value, list):
        reader.problems.add(f"{at}.value", f"is {shown(read.value)}; an array, or an expression for one, is needed")
        return None
    name = row.get("name", "default")
    if not isinstance(name, str) or not name.isalnum() or not name.isascii():
        reader.problems.add(f"{at}.name", f"is {shown(name)}; a name of letters and digits is needed")
        return None
    if name.casefold() in {each.casefold() for each in reader.counts}:
        reader.problems.add(f"{at}.name", f"is {name!r}, the name of a count around it; another one is needed")
    elif "name" not in row and reader.counts:
        reader.problems.add(at, "has no name; a count inside of another needs one")
    where = read_condition(row["where"], f"{at}.where", reader.inside(name)) if "where" in row else None
    return ValueCount(read, name, where)
