# SPDX-License-Identifier: Apache-2.0
"""How functions of the language are declared: what they take, and what becomes of arguments that nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.syntax import Expression
from groundplan_policies.values import SECRET, UNKNOWN, Mark

Sight = Literal["none", "inside", "all"]
"""Which marks a function sees. `none`: an argument that is or contains a mark makes the result that mark. `inside`: only one that
is a mark does, those inside of lists and objects pass through. `all`: the function deals with every mark itself."""
Calls = TypeVar("Calls", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    `lazy`: it is called with a `Thunk` for each argument, to evaluate it or not.
    """

    call: Callable[..., Any]
    sight: Sight = "none"
    lazy: bool = False

    def __call__(self, *arguments: Any) -> Any:
        """Calls it."""
        return self.call(*arguments)


@dataclass(frozen=True, slots=True)
class Thunk:
    """An argument that is not evaluated yet; call it for its value."""

    expression: Expression
    functions: Mapping[str, Callable[..., Any]]
    _evaluate: Callable[[Expression, Mapping[str, Callable[..., Any]]], Any] = field(repr=False)

    def __call__(self, functions: Mapping[str, Callable[..., Any]] | None = None) -> Any:
        """Evaluates it, with other functions where some are given."""
        return self._evaluate(self.expression, self.functions if functions is None else functions)


@dataclass(frozen=True, slots=True)
class Lambda:
    """The value of `lambda('item', ...)`: names, and what to make of values for them."""

    names: tuple[str, ...]
    call: Callable[..., Any]

    def __call__(self, *values: Any) -> Any:
        """Calls it."""
        return self.call(*values)


_KINDS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "lambda": lambda value: isinstance(value, Lambda),
    "null": lambda value: value is None,
    "any": lambda value: not isinstance(value, Lambda),
}


@dataclass(frozen=True, slots=True)
class _Signature:
    name: str
    kinds: tuple[tuple[str, ...], ...]
    needed: int
    variadic: bool

    @classmethod
    def of(cls, name: str, specs: Sequence[str]) -> _Signature:
        kinds = tuple(tuple(spec.rstrip("?.").split("|")) for spec in specs)
        needed = sum(1 for spec in specs if spec[-1] not in "?.")
        return cls(name, kinds, needed, bool(specs) and specs[-1].endswith("..."))

    def check(self, arguments: Sequence[Any], *, types: bool) -> None:
        """Raises `ExpressionError` where the number of arguments, or the type of one, is wrong."""
        count = len(arguments)
        if count < self.needed or (count > len(self.kinds) and not self.variadic):
            raise ExpressionError(f"{self.name} is given {count} arguments; {self._allowed()} expected")
        for index, value in enumerate(arguments if types else ()):
            kinds = self.kinds[min(index, len(self.kinds) - 1)]
            if not isinstance(value, Mark) and not any(_KINDS[kind](value) for kind in kinds):
                raise ExpressionError(
                    f"argument {index + 1} of {self.name} is {told(value)}; {' or '.join(kinds)} is expected"
                )

    def _allowed(self) -> str:
        most = len(self.kinds)
        if self.variadic:
            return f"{self.needed} or more are"
        if self.needed == most:
            return f"{most} {'is' if most == 1 else 'are'}"
        return f"{self.needed} to {most} are"


class Table(dict[str, Function]):
    """Functions by lower-case name."""

    def add(self, name: str, *takes: str, sight: Sight = "none", lazy: bool = False) -> Callable[[Calls], Calls]:
        """Declares a function: its name and what it takes, `string|int`, with `?` where optional and `...` where any number."""
        signature = _Signature.of(name, takes)

        def declare(call: Calls) -> Calls:
            def checked(*arguments: Any) -> Any:
                signature.check(arguments, types=not lazy)
                return call(*arguments)

            self[name.casefold()] = Function(checked, sight, lazy)
            return call

        return declare


def told(value: Any) -> str:
    """A value as a message shows it: with its type in the language's words, cut where it is long."""
    kind = next((name for name, fits in _KINDS.items() if fits(value)), "value")
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return shown if value is None else f"the {kind} {shown}"


def mark_of(*values: Any, inside: bool = True) -> Mark | None:
    """The mark that values are or contain: secret where there is one, which no update will tell either."""
    found: Mark | None = None
    for value in values:
        mark = value if isinstance(value, Mark) else _mark_in(value) if inside else None
        if mark is SECRET:
            return SECRET
        found = found or mark
    return UNKNOWN if found else None


def _mark_in(value: Any) -> Mark | None:
    if isinstance(value, dict):
        return mark_of(*cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return mark_of(*cast("list[Any]", value))
    return None
