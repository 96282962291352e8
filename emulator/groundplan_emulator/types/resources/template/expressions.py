# SPDX-License-Identifier: Apache-2.0
"""The expression language of ARM templates: `[concat(parameters('name'), '-', copyIndex())]`.

Grammar after Microsoft's "Syntax and expressions in ARM templates": a text that starts with `[` and ends with `]` is an expression, `[[`
stands for a bracket. Only what a branch of `if` needs is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from groundplan_emulator.arm.errors import ArmError

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*)|(?P<mark>[()\[\].,]))")
LAZY = frozenset({"if", "and", "or"})


class ExpressionError(Exception):
    """Why an expression can not be evaluated."""


class NotYetError(Exception):
    """An expression refers to a resource that the template makes later."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a whole number."""

    value: Any


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """`holder.name` or `holder[index]`."""

    holder: Node
    key: Node


Node = Literal | Call | Member
Functions = Callable[[str, list[Any]], Any]


def is_expression(text: str) -> bool:
    """Whether a text is an expression."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def evaluated(value: Any, functions: Functions) -> Any:
    """A JSON value with every expression inside replaced by its result; 400 InvalidTemplate naming the one that fails."""
    if isinstance(value, str):
        return _text(value, functions)
    if isinstance(value, list):
        return [evaluated(item, functions) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {str(_text(name, functions)): evaluated(item, functions) for name, item in items}
    return value


def _text(text: str, functions: Functions) -> Any:
    if not is_expression(text):
        return text[1:] if text.startswith("[[") else text
    try:
        return _evaluate(_Parser(text[1:-1]).parse(), functions)
    except ExpressionError as error:
        raise invalid(f"Unable to process template language expression '{text}': {error}.") from None


def invalid(message: str) -> ArmError:
    """400 InvalidTemplate."""
    return ArmError(400, "InvalidTemplate", f"Deployment template validation failed: '{message}'")


def _evaluate(node: Node, functions: Functions) -> Any:
    match node:
        case Literal():
            return node.value
        case Member():
            return _member(_evaluate(node.holder, functions), _evaluate(node.key, functions))
        case Call() if node.name.lower() in LAZY:
            return _branch(node, functions)
        case Call():
            return functions(node.name, [_evaluate(argument, functions) for argument in node.arguments])


def _branch(node: Call, functions: Functions) -> Any:
    kind, arguments = node.name.lower(), node.arguments
    if kind == "if":
        if len(arguments) != 3:
            raise ExpressionError("the function 'if' takes 3 arguments")
        chosen = arguments[1] if _truth(_evaluate(arguments[0], functions)) else arguments[2]
        return _evaluate(chosen, functions)
    results = (_truth(_evaluate(argument, functions)) for argument in arguments)
    return all(results) if kind == "and" else any(results)


def _truth(value: object) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise ExpressionError(f"a condition must be a boolean, not {value!r}")
    return value


def _member(holder: Any, key: Any) -> Any:
    if isinstance(holder, list) and isinstance(key, int):
        items = cast("list[Any]", holder)
        if not 0 <= key < len(items):
            raise ExpressionError(f"the index {key} is out of the array's {len(items)} items")
        return items[key]
    if isinstance(holder, dict) and isinstance(key, str):
        for name, value in cast("dict[str, Any]", holder).items():
            if name.lower() == key.lower():
                return value
        raise ExpressionError(
            f"the property '{key}' does not exist; available are '{', '.join(cast('dict[str, Any]', holder))}'"
        )
    raise ExpressionError(f"'{key}' cannot be selected from a value of type {type(holder).__name__}")


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            found = TOKEN.match(text, at)
            if found is None:
                raise ExpressionError(f"unexpected '{text[at : at + 10]}'")
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()
        self._at = 0

    def parse(self) -> Node:
        node = self._value()
        if self._at < len(self._tokens):
            raise ExpressionError(f"unexpected '{self._tokens[self._at][1]}'")
        return node

    def _value(self) -> Node:
        kind, text = self._next()
        if kind == "text":
            node: Node = Literal(text[1:-1].replace("''", "'"))
        elif kind == "number":
            node = Literal(int(text))
        elif kind == "name":
            self._expect("(")
            node = Call(text, self._arguments())
        else:
            raise ExpressionError(f"unexpected '{text}'")
        return self._selected(node)

    def _arguments(self) -> tuple[Node, ...]:
        found: list[Node] = []
        if self._peek() == ")":
            self._at += 1
            return ()
        while True:
            found.append(self._value())
            _, mark = self._next()
            if mark == ")":
                return tuple(found)
            if mark != ",":
                raise ExpressionError(f"expected ',' or ')', found '{mark}'")

    def _selected(self, node: Node) -> Node:
        while self._peek() in (".", "["):
            _, mark = self._next()
            if mark == ".":
                kind, name = self._next()
                if kind != "name":
                    raise ExpressionError(f"expected a property name, found '{name}'")
                node = Member(node, Literal(name))
            else:
                node = Member(node, self._value())
                self._expect("]")
        return node

    def _peek(self) -> str | None:
        return (
            self._tokens[self._at][1] if self._at < len(self._tokens) and self._tokens[self._at][0] == "mark" else None
        )

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ExpressionError("the expression ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, mark: str) -> None:
        _, found = self._next()
        if found != mark:
            raise ExpressionError(f"expected '{mark}', found '{found}'")
