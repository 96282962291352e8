# SPDX-License-Identifier: Apache-2.0
"""Parameters of a template: what it declares, and what a file of parameters gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from groundplan_policies.arm_template.errors import Steps, TemplateError
from groundplan_policies.arm_template.symbols import opaque
from groundplan_policies.arm_template.trace import Trace, Traced
from groundplan_policies.expressions.evaluate import key_in, nearest
from groundplan_policies.expressions.function import told
from groundplan_policies.expressions.functions.collections import equal
from groundplan_policies.values import SECRET, UNKNOWN, Mark

if TYPE_CHECKING:
    from groundplan_policies.arm_template.evaluator import Evaluator

_SECURE = ("securestring", "secureobject")
_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "int": ("an int", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "bool": ("a bool", lambda value: isinstance(value, bool)),
    "array": ("an array", lambda value: isinstance(value, list)),
    "object": ("an object", lambda value: isinstance(value, dict)),
}
_NAMES = "string, securestring, int, bool, object, secureObject, array"


def declared_in(document: Mapping[str, Any], steps: Steps) -> dict[str, dict[str, Any]]:
    """The parameters that a template declares. Raises `TemplateError`."""
    section = document.get("parameters") or {}
    inside = (*steps, "parameters")
    if not isinstance(section, dict):
        raise TemplateError(inside, f"{told(section)} is there; an object of parameters by name is expected")
    for name, declared in cast("dict[str, Any]", section).items():
        if not isinstance(declared, dict):
            raise TemplateError((*inside, name), f"{told(declared)} is there; an object with 'type' is expected")
        type_ = cast("dict[str, Any]", declared).get("type")
        if "$ref" not in declared and str(type_).casefold() not in (*_TYPES, *_SECURE):
            raise TemplateError((*inside, name, "type"), f"{told(type_)} is there; one of {_NAMES} is expected")
    return cast("dict[str, dict[str, Any]]", section)


def given_in(document: Any, declared: Mapping[str, Any]) -> dict[str, Any]:
    """Values by lower-case name, out of a file of parameters or of plain values by name. Raises `TemplateError`.

    The error's place is one in the file of parameters.
    """
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        raise TemplateError((), f"{told(document)} is there; an object of parameters is expected")
    content = cast("Mapping[str, Any]", document)
    is_file = isinstance(content.get("parameters"), dict) and ("$schema" in content or "contentVersion" in content)
    rows = cast("Mapping[str, Any]", content["parameters"] if is_file else content)
    given: dict[str, Any] = {}
    for name, row in rows.items():
        steps: Steps = ("parameters", name) if is_file else (name,)
        if key_in(declared, name) is None:
            raise TemplateError(
                steps,
                f"the template has no parameter '{name}'{nearest(name, declared)}; it has: {', '.join(declared) or 'none'}",
            )
        given[name.casefold()] = given_value(row, steps) if is_file else row
    return given


def given_value(row: Any, steps: Steps) -> Any:
    """What `{"value": ...}` gives, or `{"reference": ...}` to a secret of a key vault. Raises `TemplateError`."""
    if isinstance(row, dict) and "value" in row:
        return cast("dict[str, Any]", row)["value"]
    if isinstance(row, dict) and "reference" in row:
        return SECRET
    raise TemplateError(steps, f"{told(row)} is there; {{'value': ...}} or {{'reference': ...}} is expected")


def value_of(
    evaluator: Evaluator, name: str, declared: Mapping[str, Any], given: Callable[[], Traced] | None
) -> Traced:
    """The value of a parameter: given, or the default, or unknown. Raises `TemplateError`."""
    steps = (*evaluator.steps, "parameters", name)
    schema = _resolved(evaluator, declared, steps)
    if given is not None:
        found = given()
    elif "defaultValue" in declared:
        with evaluator.looping(()):
            found = evaluator.traced(declared["defaultValue"], (*steps, "defaultValue"))
    elif declared.get("nullable") is True:
        found = Traced(None, Trace(), "")
    else:
        secure = _kind(schema) in _SECURE
        if not secure:
            evaluator.note(steps, "it has no value and no default; what depends on it is unknown")
        text = opaque(f"{evaluator.label}parameters('{name}')")
        return Traced(SECRET if secure else UNKNOWN, Trace(open=True), text)
    if not (found.value is None and declared.get("nullable") is True):
        _check(found.value, schema, steps)
    value = _hidden(evaluator, found.value, schema, steps)
    symbol = str(value) if isinstance(value, (str, int)) else found.symbol
    return Traced(value, found.trace, symbol or opaque(f"{evaluator.label}parameters('{name}')"))


def _kind(schema: Mapping[str, Any]) -> str:
    return str(schema.get("type")).casefold()


def _resolved(evaluator: Evaluator, schema: Mapping[str, Any], steps: Steps) -> Mapping[str, Any]:
    """A declaration with the type that it names in `definitions`."""
    seen: set[str] = set()
    while "$ref" in schema:
        name = str(schema["$ref"]).removeprefix("#/definitions/")
        found = evaluator.definitions.get(name)
        if not isinstance(found, Mapping) or name in seen:
            there = ", ".join(evaluator.definitions) or "none"
            raise TemplateError(
                (*steps, "$ref"), f"there is no type {schema['$ref']!r} to be found; definitions: {there}"
            )
        seen.add(name)
        schema = {**cast("Mapping[str, Any]", found), **{key: each for key, each in schema.items() if key != "$ref"}}
    return schema


def _check(value: Any, schema: Mapping[str, Any], steps: Steps) -> None:
    expected = _TYPES.get(_kind(schema))
    if isinstance(value, Mark) or expected is None:
        return
    if not expected[1](value):
        raise TemplateError(steps, f"{told(value)} is given; {expected[0]} is expected")
    allowed = schema.get("allowedValues")
    if not isinstance(allowed, list) or isinstance(value, (list, dict)):
        return
    if not any(equal(value, each) or _alike(value, each) for each in cast("list[Any]", allowed)):
        raise TemplateError(
            steps, f"{told(value)} is given; one of {', '.join(map(str, cast('list[Any]', allowed)))} is expected"
        )


def _alike(one: Any, other: Any) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.casefold() == other.casefold()


def _hidden(evaluator: Evaluator, value: Any, schema: Mapping[str, Any], steps: Steps) -> Any:
    """A value with what its type declares secure hidden."""
    if value is None:
        return None
    if _kind(schema) in _SECURE:
        return SECRET
    if isinstance(value, dict) and isinstance(schema.get("properties"), dict):
        inner = schema["properties"]
        return {
            name: _hidden(evaluator, each, _resolved(evaluator, inner[name], steps), steps) if name in inner else each
            for name, each in cast("dict[str, Any]", value).items()
        }
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        items = _resolved(evaluator, schema["items"], steps)
        return [_hidden(evaluator, each, items, steps) for each in cast("list[Any]", value)]
    return value
