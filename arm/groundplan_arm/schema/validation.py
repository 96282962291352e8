# SPDX-License-Identifier: Apache-2.0
"""Values against their schema, with failures that say where, what and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import jsonschema_rs

from groundplan_arm.body import element_of, object_of
from groundplan_arm.notation import Kind
from groundplan_arm.resource_type import ResourceType
from groundplan_arm.schema.writer import input_schema, request_schema

_UNKNOWN = "\x00unknown\x00"
_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_SHOWN = 12  # allowed values that fit a sentence
Path = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing wrong with a value. `property_path` is in Pulumi's notation, `a.b[0].c` ('' for the whole)."""

    property_path: str
    reason: str


def validate_inputs(
    resource_type: ResourceType, inputs: Mapping[str, Any], *, is_unknown: Callable[[Any], bool] | None = None
) -> list[Failure]:
    """What is wrong with inputs in the SDK's shape, in the order of their paths; empty when nothing is.

    The caller unwraps secrets first; the value at one of the type's secret paths is not repeated in a reason. `is_unknown` tells a
    value that is not known yet (in a preview): it counts as present and is not judged, nor is a choice between types that holds one.
    """
    return _Judge(_input_validator(resource_type), resource_type).failures(inputs, is_unknown)


def validate_request(resource_type: ResourceType, body: Mapping[str, Any], *, strict: bool = True) -> list[Failure]:
    """What is wrong with the body of a PUT, in ARM's shape; `strict` as in `request_schema`."""
    return _Judge(_request_validator(resource_type, strict), None).failures(body, None)


@lru_cache(maxsize=64)
def _input_validator(resource_type: ResourceType) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(input_schema(resource_type))


@lru_cache(maxsize=64)
def _request_validator(resource_type: ResourceType, strict: bool) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(request_schema(resource_type, strict))


class _Judge:
    """Runs a validator and puts its errors into sentences. `inputs_of` names the type for hints and secrets (SDK shape only)."""

    def __init__(self, validator: jsonschema_rs.Draft202012Validator, inputs_of: ResourceType | None) -> None:
        self._validator = validator
        self._type = inputs_of
        self._secrets = inputs_of.secrets if inputs_of else frozenset[str]()
        self._given: Any = None

    def failures(self, value: Mapping[str, Any], is_unknown: Callable[[Any], bool] | None) -> list[Failure]:
        self._given = _masked(value, is_unknown) if is_unknown else value
        if self._validator.is_valid(self._given):
            return []
        found = {failure for error in self._validator.iter_errors(self._given) for failure in self._explain(error)}
        return sorted(found, key=lambda failure: (failure.property_path, failure.reason))

    def _explain(self, error: jsonschema_rs.ValidationError) -> Iterator[Failure]:
        path, value, kinds = error.instance_path, cast("Any", error.instance), jsonschema_rs.ValidationErrorKind
        match error.kind:
            case kinds.Required(name):
                yield Failure(written([*path, name]), f"missing required property '{name}'")
            case kinds.AdditionalProperties(names):
                for name in names:
                    yield Failure(written([*path, name]), f"unknown property '{name}'{self._hint(path, name)}")
            case kinds.AnyOf():
                if not _holds_unknown(value):
                    yield Failure(written(path), "fits none of the forms that this property takes")
            case _ if value == _UNKNOWN:
                return
            case kinds.Enum(options):
                yield Failure(written(path), self._not_among(path, value, options))
            case kinds.Constant(expected):
                yield Failure(written(path), self._not_among(path, value, [expected]))
            case kinds.Type(types):
                wanted = " or ".join(_WORDS.get(name, name) for name in types)
                yield Failure(written(path), f"expected {wanted}, not {_word(value)}")
            case _:
                yield Failure(written(path), "the value is not allowed here")

    def _not_among(self, path: Path, value: Any, options: Sequence[Any]) -> str:
        shown = "the value" if self._is_secret(path) else f"'{value}'" if isinstance(value, str) else _word(value)
        texts = [f"'{option}'" if isinstance(option, str) else str(option) for option in options]
        listed = ", ".join(texts[:_SHOWN]) + (f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else "")
        near = _near(value, [option for option in options if isinstance(option, str)]) if isinstance(value, str) else ""
        return f"{shown} is not allowed; allowed: {listed}{near}"

    def _is_secret(self, path: Path) -> bool:
        return "".join("[*]" if isinstance(step, int) else f".{step}" for step in path)[1:] in self._secrets

    def _hint(self, path: Path, name: str) -> str:
        known = self._known_at(path)
        return _near(name, known) or (f"; known: {', '.join(known)}" if 0 < len(known) <= _SHOWN else "")

    def _known_at(self, path: Path) -> list[str]:
        """The properties that a type declares at a path of the value."""
        if self._type is None:
            return []
        module, properties, value = self._type.module, self._type.inputs, self._given
        kind: Kind | None = None
        for step in path:
            value = value[step]
            if isinstance(step, int):
                kind = element_of(kind, "[]") if kind else None
            elif kind and (values := element_of(kind, "{}")):
                kind = values
            else:
                kind = properties[step].kind if step in properties else None
            if kind is None:
                return []
            name = object_of(module, kind, value, arm=False) if isinstance(value, dict) else None
            properties = module.nested(name) if name else {}
        return sorted(properties)


def written(path: Path) -> str:
    """A path in Pulumi's notation: `a.b[0].c`, `tags["a b"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step and not set(step) & set('.[]" '):
            text += f".{step}" if text else step
        else:
            text += '["' + step.replace('"', '\\"') + '"]'
    return text


def _near(value: str, options: Sequence[str]) -> str:
    folded = {option.lower(): option for option in options}
    found = difflib.get_close_matches(value.lower(), list(folded), 1, 0.75)
    return f"; did you mean '{folded[found[0]]}'?" if found else ""


def _word(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return "a text"
        case int() | float():
            return f"the number {value:g}"
        case list():
            return "a list"
        case _:
            return "an object"


def _masked(value: Any, is_unknown: Callable[[Any], bool]) -> Any:
    """The value with a marker in place of what is unknown."""
    if is_unknown(value):
        return _UNKNOWN
    if isinstance(value, Mapping):
        return {name: _masked(item, is_unknown) for name, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_masked(item, is_unknown) for item in cast("list[Any]", value)]
    return value


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_unknown(item) for item in cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return any(_holds_unknown(item) for item in cast("list[Any]", value))
    return value == _UNKNOWN
