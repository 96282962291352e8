# SPDX-License-Identifier: Apache-2.0
"""Values of a policy with expressions in them: read and checked once, evaluated for every resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from groundplan_policies.azure_policy.answer import Evidence, Failure
from groundplan_policies.azure_policy.errors import Problems, nearest
from groundplan_policies.azure_policy.fields import Alias, FieldError, FieldName, field_of
from groundplan_policies.azure_policy.functions import ALLOWED, REFUSED, Calls
from groundplan_policies.azure_policy.situation import Situation
from groundplan_policies.azure_policy.syntax import Computed, Fixed, ListOf, ObjectOf, Template
from groundplan_policies.expressions import (
    Call,
    Expression,
    ExpressionError,
    Item,
    Literal,
    Member,
    evaluate,
    is_expression,
    parse,
    unescaped,
)
from groundplan_policies.expressions.function import mark_of


@dataclass(frozen=True)
class Reader:
    """Reads the values of one policy.

    `parameters`: names of those that it declares. `counts`: names of the counts around the value, from the outside in.
    `aliases`: collects aliases that are used, with their places. `without`: functions that may not be called here, in lower case.
    """

    problems: Problems
    parameters: Sequence[str] = ()
    counts: tuple[str, ...] = ()
    aliases: list[tuple[str, Alias]] = field(default_factory=list[tuple[str, Alias]])
    without: frozenset[str] = frozenset()

    def inside(self, count: str) -> Reader:
        """A reader for the `where` of a count."""
        return replace(self, counts=(*self.counts, count))

    def read(self, value: Any, at: str) -> Template:
        """A value with the expressions in it; problems are noted."""
        match value:
            case str():
                return self._text(value, at)
            case list():
                items = tuple(self.read(each, f"{at}[{i}]") for i, each in enumerate(cast("list[Any]", value)))
                fixed = [each.value for each in items if isinstance(each, Fixed)]
                return Fixed(fixed) if len(fixed) == len(items) else ListOf(items)
            case dict():
                entries = {key: self.read(each, f"{at}.{key}") for key, each in cast("dict[str, Any]", value).items()}
                known = {key: each.value for key, each in entries.items() if isinstance(each, Fixed)}
                return Fixed(known) if len(known) == len(entries) else ObjectOf(entries)
            case _:
                return Fixed(value)

    def _text(self, text: str, at: str) -> Template:
        if not is_expression(text):
            return Fixed(unescaped(text))
        try:
            expression = parse(text)
        except ExpressionError as error:
            self.problems.add(at, str(error))
            return Fixed(text)
        for call in _calls(expression):
            self._check(call, at)
        return Computed(_forgiving(expression), text)

    def _check(self, call: Call, at: str) -> None:
        key = call.key
        if key in REFUSED or key.startswith("list") or "." in key:
            says = "which templates have and policies do not: a policy sees the resource that it is asked about, and nothing else"
            self.problems.add(at, f"calls '{call.name}', {says}")
        elif key in self.without:
            self.problems.add(at, f"calls '{call.name}', which can not be called here")
        elif key not in ALLOWED:
            hint = nearest(call.name, ALLOWED) or "; docs name the functions of policies"
            self.problems.add(at, f"calls '{call.name}', which is no function{hint}")
        elif key == "parameters":
            self._check_parameter(call, at)
        elif key == "field":
            self._check_field(call, at)
        elif key == "current":
            self._check_current(call, at)

    def _check_parameter(self, call: Call, at: str) -> None:
        name = _only_text(call)
        if name is not None and name.casefold() not in {each.casefold() for each in self.parameters}:
            there = ", ".join(self.parameters) or "none"
            hint = nearest(name, self.parameters)
            self.problems.add(at, f"names the parameter {name!r}, which is not declared; there are: {there}{hint}")

    def _check_field(self, call: Call, at: str) -> None:
        name = _only_text(call)
        if name is not None:
            self.note(name, at)

    def note(self, name: str, at: str) -> FieldName | None:
        """The field that a name which is written out means; a problem is noted where it means none."""
        try:
            found = field_of(name)
        except FieldError as error:
            self.problems.add(at, str(error))
            return None
        if isinstance(found, Alias):
            self.aliases.append((at, found))
        return found

    def _check_current(self, call: Call, at: str) -> None:
        if not self.counts:
            self.problems.add(at, "calls 'current' outside of the where of a count")
        elif not call.arguments:
            if len(self.counts) > 1:
                names = " or ".join(repr(each) for each in self.counts)
                self.problems.add(at, f"calls 'current' without saying of which count; {names} is needed")
        elif (name := _only_text(call)) is not None and not any(_counts(each, name) for each in self.counts):
            there = ", ".join(repr(each) for each in self.counts)
            self.problems.add(at, f"calls 'current' with {name!r}, which is none of the counts around it: {there}")


def _forgiving(expression: Expression) -> Expression:
    """The same, with properties of the resource group and the subscription that are null where they are not there.

    Policies ask for them: `[resourceGroup().tags[parameters('tagName')]]` compared with the empty text.
    """
    match expression:
        case Call(name, arguments):
            return Call(name, tuple(_forgiving(each) for each in arguments), expression.column)
        case Member(of, name):
            inner = _forgiving(of)
            return _try(inner, Literal(name)) if _is_context(of) else Member(inner, name, expression.column)
        case Item(of, index):
            inner, key = _forgiving(of), _forgiving(index)
            return _try(inner, key) if _is_context(of) else Item(inner, key, expression.column)
        case _:
            return expression


def _try(of: Expression, key: Expression) -> Call:
    return Call("tryGet", (of, key), getattr(of, "column", None))


def _is_context(expression: Expression) -> bool:
    match expression:
        case Member(of) | Item(of):
            return _is_context(of)
        case _:
            return isinstance(expression, Call) and expression.key in ("resourcegroup", "subscription")


def _counts(count: str, name: str) -> bool:
    """Whether a name is that of a count, or an alias of something in its items."""
    outer, inner = count.casefold(), name.casefold()
    return inner == outer or (outer.endswith("[*]") and inner.startswith(f"{outer}."))


def _only_text(call: Call) -> str | None:
    match call.arguments:
        case (Literal(str() as text),):
            return text
        case _:
            return None


def _calls(expression: Expression) -> Iterator[Call]:
    match expression:
        case Call():
            yield expression
            for each in expression.arguments:
                yield from _calls(each)
        case Member(of):
            yield from _calls(of)
        case Item(of, index):
            yield from _calls(of)
            yield from _calls(index)
        case _:
            return


@dataclass(frozen=True, slots=True)
class Result:
    """What a value of the policy comes to; it may be, or contain, a mark. `missing`: what it was computed from and is not known."""

    value: Any
    missing: tuple[Evidence, ...] = ()


def value_of(template: Template, situation: Situation, at: str = "") -> Result:
    """Evaluates a value in a situation. Raises `Failure`."""
    if isinstance(template, Fixed):
        return Result(template.value)
    calls = Calls(situation)
    value = _computed(template, calls, at)
    mark = mark_of(value)
    if mark is None:
        return Result(value)
    if calls.missing:
        return Result(value, tuple(dict.fromkeys(calls.missing)))
    return Result(value, (Evidence("", f"{text_in(template)} is not known before the update", "unknown"),))


def _computed(template: Template, calls: Calls, at: str) -> Any:
    match template:
        case Fixed(value):
            return value
        case Computed(expression):
            try:
                return evaluate(expression, calls.functions())
            except ExpressionError as error:
                raise Failure(at, str(error)) from None
        case ListOf(items):
            return [_computed(each, calls, at) for each in items]
        case ObjectOf(entries):
            return {key: _computed(each, calls, at) for key, each in entries.items()}


def constant(template: Template, parameters: Mapping[str, Any]) -> Any:
    """A value that depends on parameters alone. Raises `ExpressionError` for one that depends on more."""
    match template:
        case Fixed(value):
            return value
        case ListOf(items):
            return [constant(each, parameters) for each in items]
        case ObjectOf(entries):
            return {key: constant(each, parameters) for key, each in entries.items()}
        case Computed(expression):
            return evaluate(expression, _Constants(parameters))


class _Constants(dict[str, Any]):
    """The functions that look at nothing but their arguments and parameters."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        from groundplan_policies.azure_policy.functions import SHARED

        super().__init__(SHARED)
        self["parameters"] = lambda name: self._parameter(name, parameters)

    @staticmethod
    def _parameter(name: Any, parameters: Mapping[str, Any]) -> Any:
        if not isinstance(name, str) or name.casefold() not in parameters:
            raise ExpressionError(f"there is no parameter {name!r}")
        return parameters[name.casefold()]


def text_in(template: Template) -> str:
    """A value as it is written, for a message."""
    match template:
        case Fixed(value):
            return repr(value)
        case Computed(_, text):
            return text
        case ListOf(items):
            return f"[{', '.join(text_in(each) for each in items)}]"
        case ObjectOf(entries):
            return f"{{{', '.join(f'{key}: {text_in(each)}' for key, each in entries.items())}}}"
