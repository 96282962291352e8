# SPDX-License-Identifier: Apache-2.0
"""Reads the text of an expression.

    expression  ->  '[' value ']'
    value       ->  text | integer | call, then any number of '.' name and '[' value ']'
    call        ->  name ['.' name] '(' [value {',' value}] ')'

Source: "Syntax and expressions in Azure Resource Manager templates" of Microsoft's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.syntax import Call, Expression, Item, Literal, Member

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<open>')|(?P<number>[+-]?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_$][\w$]*)|(?P<sign>[\[\]().,])|(?P<other>\S)|$)"
)
_VALUE = "a function call, a text in single quotes or an integer"
_DEEPEST = 200
"""Deeper nesting is an error instead of a crash; Azure takes far less."""


def is_expression(text: str) -> bool:
    """Whether Azure evaluates a text: `[...]`, but not `[[...]`."""
    return len(text) > 1 and text[0] == "[" and text[-1] == "]" and text[1] != "["


def unescaped(text: str) -> str:
    """A text that is no expression, as Azure takes it: `[[a]` stands for `[a]`."""
    return text[1:] if text.startswith("[[") and text.endswith("]") else text


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The expression in a text with its brackets. Raises `ExpressionError`."""
    if not is_expression(text):
        raise ExpressionError(
            "an expression stands in brackets, such as [parameters('name')]", expression=text, column=1
        )
    return _Parser(text).expression()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._scan())
        self._next = 0
        self._depth = 0

    def _scan(self) -> Iterator[_Token]:
        at = 0
        while True:
            found = _TOKEN.match(self._text, at)
            if found is None or found.lastgroup is None:
                yield _Token("end", "", len(self._text))
                return
            kind = found.lastgroup
            yield _Token(kind, found[kind], found.start(kind))
            at = found.end()

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _error(self, expected: str, token: _Token | None = None) -> ExpressionError:
        token = token or self._token
        match token.kind:
            case "end":
                there = "the end is there"
            case "open":
                there = "a text begins that has no closing quote"
            case _:
                there = f"{token.text!r} is there"
        return ExpressionError(f"{there}; {expected} is expected", expression=self._text, column=token.at + 1)

    def _sign(self, sign: str) -> bool:
        """Takes a sign where it is next."""
        if self._token.text != sign or self._token.kind != "sign":
            return False
        self._next += 1
        return True

    def expression(self) -> Expression:
        self._sign("[")
        if self._token.text == "]" and self._token.at == len(self._text) - 1:
            raise self._error(_VALUE)
        found = self._value()
        if not self._sign("]"):
            raise self._error("'.', '[' or the closing ']'")
        if self._token.kind != "end":
            raise self._error("nothing after the closing ']'")
        return found

    def _value(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(f"no more than {_DEEPEST} values inside each other")
        found = self._start()
        while self._token.text in (".", "[") and self._token.kind == "sign":
            found = self._member(found) if self._token.text == "." else self._item(found)
        self._depth -= 1
        return found

    def _start(self) -> Expression:
        token = self._token
        self._next += 1
        match token.kind:
            case "text":
                return Literal(token.text[1:-1].replace("''", "'"))
            case "number" if "." in token.text:
                raise self._error("an integer, or float('1.5') for a fraction,", token)
            case "number":
                return Literal(int(token.text))
            case "name":
                return self._call(token)
            case _:
                raise self._error(_VALUE, token)

    def _call(self, token: _Token) -> Call:
        name = token.text
        if self._sign("."):
            if self._token.kind != "name":
                raise self._error(f"the name of a function of the namespace '{name}'")
            name = f"{name}.{self._token.text}"
            self._next += 1
        if not self._sign("("):
            raise self._error(f"a call, '{name}(...)', a text in single quotes or an integer", token)
        arguments: list[Expression] = []
        if not self._sign(")"):
            arguments.append(self._value())
            while self._sign(","):
                arguments.append(self._value())
            if not self._sign(")"):
                raise self._error(f"',' or the ')' that ends the arguments of '{name}'")
        return Call(name, tuple(arguments), token.at + 1)

    def _member(self, of: Expression) -> Member:
        self._next += 1
        token = self._token
        if token.kind != "name":
            raise self._error("the name of a property")
        self._next += 1
        return Member(of, token.text, token.at + 1)

    def _item(self, of: Expression) -> Item:
        at = self._token.at + 1
        self._next += 1
        index = self._value()
        if not self._sign("]"):
            raise self._error("the ']' that ends the index")
        return Item(of, index, at)
