# SPDX-License-Identifier: Apache-2.0
"""Parameters of definitions and initiatives: what they take, and the values that an assignment gives them.

Source: "Azure Policy definition structure parameters" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from groundplan_policies.azure_policy.comparing import order
from groundplan_policies.azure_policy.errors import Problems, nearest, one_of
from groundplan_policies.values import shown

Check = Callable[[Any], Any]


class _Unfit(ValueError):  # noqa: N818  (the name says what it is)
    """A value of another type; the message is what is needed."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unfit("a text")
    return value


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Unfit("an array")
    return cast("list[Any]", value)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Unfit("an object")
    return cast("dict[str, Any]", value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    raise _Unfit("true or false")


def _integer(value: Any) -> int:
    number = _number(value, "an integer")
    if number != int(number):
        raise _Unfit("an integer")
    return int(number)


def _number(value: Any, needed: str = "a number") -> float:
    if isinstance(value, str):
        try:
            return float(value) if "." in value else int(value)
        except ValueError:
            raise _Unfit(needed) from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _Unfit(needed)
    return value


def _time(value: Any) -> str:
    if not isinstance(value, str) or order(value, value) != 0 or "T" not in value.upper():
        raise _Unfit("a time such as '2030-01-31T12:00:00.0000000Z'")
    return value


TYPES: dict[str, Check] = {
    "String": _text,
    "Array": _array,
    "Object": _object,
    "Boolean": _boolean,
    "Integer": _integer,
    "Float": _number,
    "DateTime": _time,
}
_BY_KEY = {name.casefold(): name for name in TYPES}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter. `required`: there is no default."""

    name: str
    type: str
    required: bool
    default: Any
    allowed: tuple[Any, ...]

    def check(self, value: Any, at: str, problems: Problems) -> Any:
        """The value in the parameter's type; a problem is noted where it does not fit."""
        try:
            found = TYPES[self.type](value)
        except _Unfit as error:
            problems.add(at, f"is {shown(value)}; {error} is needed, the type of the parameter is {self.type}")
            return value
        if self.allowed:
            chosen = cast("list[Any]", found) if self.type == "Array" and not _holds(self.allowed, found) else [found]
            for each in chosen:
                if not _holds(self.allowed, each):
                    self._refuse(each, at, problems)
        return found

    def _refuse(self, value: Any, at: str, problems: Problems) -> None:
        texts = [each for each in self.allowed if isinstance(each, str)]
        hint = nearest(value, texts) if isinstance(value, str) else ""
        there = ", ".join(shown(each) for each in self.allowed)
        problems.add(at, f"is {shown(value)}; one of {there} is needed, in that letter case{hint}")


def _holds(allowed: tuple[Any, ...], value: Any) -> bool:
    return any(type(each) is type(value) and each == value for each in allowed)


def read_parameters(document: Any, at: str, problems: Problems) -> dict[str, Parameter]:
    """Declared parameters by name; problems are noted."""
    if document is None:
        return {}
    if not isinstance(document, dict):
        problems.add(at, f"is {shown(document)}; an object with a declaration by name of the parameter is needed")
        return {}
    found: dict[str, Parameter] = {}
    for name, row in cast("dict[str, Any]", document).items():
        place = f"{at}.{name}"
        if not isinstance(row, dict):
            problems.add(place, f"is {shown(row)}; an object with a type is needed")
            continue
        parameter = _declared(name, cast("dict[str, Any]", row), place, problems)
        if parameter is not None:
            found[name] = parameter
    return found


def _declared(name: str, row: dict[str, Any], at: str, problems: Problems) -> Parameter | None:
    keys = {key.casefold(): key for key in row}
    written = row.get(keys.get("type", ""))
    type_ = _BY_KEY.get(written.casefold()) if isinstance(written, str) else None
    if type_ is None:
        problems.add(f"{at}.type", one_of(written, TYPES))
        return None
    allowed = row.get(keys.get("allowedvalues", ""), [])
    if not isinstance(allowed, list):
        problems.add(f"{at}.allowedValues", f"is {shown(allowed)}; an array is needed")
        allowed = []
    required = "defaultvalue" not in keys
    default = None if required else row[keys["defaultvalue"]]
    found = Parameter(name, type_, required, default, tuple(cast("list[Any]", allowed)))
    if required:
        return found
    return Parameter(name, type_, False, found.check(default, f"{at}.defaultValue", problems), found.allowed)


def given(
    declared: Mapping[str, Parameter], values: Mapping[str, Any], at: str, problems: Problems, of: str
) -> dict[str, Any]:
    """The value of every declared parameter by name in lower case: what is given, otherwise the default.

    Noted are values for parameters that are not declared, values that do not fit, and required ones that are missing.
    """
    by_key = {name.casefold(): each for name, each in declared.items()}
    found = {key: each.default for key, each in by_key.items()}
    for name, value in values.items():
        parameter = by_key.get(name.casefold())
        if parameter is None:
            there = ", ".join(declared) or "none"
            hint = nearest(name, declared)
            problems.add(f"{at}.{name}", f"is no parameter of {of}; there are: {there}{hint}")
        else:
            found[name.casefold()] = parameter.check(value, f"{at}.{name}.value", problems)
    named = {name.casefold() for name in values}
    for key, parameter in by_key.items():
        if parameter.required and key not in named:
            problems.add(at, f"the parameter {parameter.name!r} of {of} is missing; it has no default")
    return found
