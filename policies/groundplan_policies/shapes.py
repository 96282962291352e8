# SPDX-License-Identifier: Apache-2.0
"""Puts what a YAML file holds into dataclasses.

A file that is right as it stands is taken at once. Whatever needs a closer look is left to pydantic, which takes a while to load:
what is wrong, what may be right all the same, and the JSON Schema of the classes.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

T = TypeVar("T")
_EXACT: Final = (str, int, bool, datetime.date, type(None))


class _UnclearError(Exception):
    """It is not right as it stands."""


@dataclass(frozen=True, slots=True)
class Text:
    """Marks a text of so many characters, without blanks around it: `Annotated[str, Text(3)]`."""

    least: int
    pattern: str | None = None
    """A regular expression that is found in it, in the words that Python, Rust and JSON Schema share."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """What pydantic makes of it."""
        from pydantic_core import core_schema

        return core_schema.str_schema(min_length=self.least, pattern=self.pattern, strip_whitespace=True)

    def fits(self, value: str) -> bool:
        """Whether a text is right as it stands."""
        long = len(value) >= self.least and value == value.strip()
        return long and (self.pattern is None or re.search(self.pattern, value) is not None)


def key_of(name: str) -> str:
    """How a file calls a field: `fail_on` is `failOn`."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


CONFIG: Final[Mapping[str, Any]] = {
    "extra": "forbid",
    "use_attribute_docstrings": True,
    "populate_by_name": True,
    "alias_generator": key_of,
}
"""The `__pydantic_config__` of the classes."""


def taken(content: Mapping[str, Any], shape: type[T]) -> T:
    """A mapping as a dataclass. Raises pydantic's `ValidationError`, a `ValueError`."""
    try:
        return _taken(content, shape)
    except _UnclearError:
        return _adapter(shape).validate_python(content)


def problems(error: ValueError) -> list[ErrorDetails]:
    """What is wrong, as pydantic tells it; raises again what is not from pydantic."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        raise error
    return error.errors()


@cache
def schema_of(shape: type) -> dict[str, Any]:
    """The JSON Schema of a dataclass, with the values that its fields have unless set."""
    from pydantic.json_schema import GenerateJsonSchema

    class WithDefaults(GenerateJsonSchema):
        def default_schema(self, schema: Any) -> dict[str, Any]:
            made = schema | {"default": schema["default_factory"]()} if "default_factory" in schema else schema
            return super().default_schema(made)

    return _adapter(shape).json_schema(schema_generator=WithDefaults)


@cache
def _adapter(shape: type[T]) -> TypeAdapter[T]:
    from pydantic import TypeAdapter

    return TypeAdapter(shape)


def _taken(value: Any, kind: Any) -> Any:
    if kind is Any:
        return value
    if kind in _EXACT:
        return _checked(value, type(value) is kind)
    if is_dataclass(kind):
        return _object(value, kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _checked(value, any(type(value) is type(each) and value == each for each in parts))
    if origin is Annotated:
        return _text(value, *parts)
    if origin is list and type(value) is list:
        return [_taken(each, parts[0]) for each in value]
    if origin is dict and type(value) is dict:
        return {_taken(key, parts[0]): _taken(each, parts[1]) for key, each in value.items()}
    if origin in (Union, UnionType):
        return _first(value, parts)
    raise _UnclearError


def _checked(value: Any, right: bool) -> Any:
    if not right:
        raise _UnclearError
    return value


def _text(value: Any, base: type, mark: Text) -> Any:
    return _checked(value, type(value) is base and mark.fits(value))


def _first(value: Any, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        try:
            return _taken(value, kind)
        except _UnclearError:
            continue
    raise _UnclearError


def _object(value: Any, shape: Any) -> Any:
    known = _fields(shape)
    if type(value) is not dict or not value.keys() <= known.keys():
        raise _UnclearError
    given = {known[key][0]: _taken(each, known[key][1]) for key, each in value.items()}
    try:
        return shape(**given)
    except TypeError:  # one that is needed is missing
        raise _UnclearError from None


@cache
def _fields(shape: Any) -> dict[str, tuple[str, Any]]:
    """Name and type of every field by its key in a file."""
    hints = get_type_hints(shape, include_extras=True)
    return {key_of(each.name): (each.name, hints[each.name]) for each in fields(shape)}
