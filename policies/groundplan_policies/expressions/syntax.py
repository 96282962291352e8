# SPDX-License-Identifier: Apache-2.0
"""What an expression is made of. The text of each part is what the parser reads it from."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or an integer."""

    value: str | int

    def __str__(self) -> str:
        return str(self.value) if isinstance(self.value, int) else f"'{self.value.replace(chr(39), chr(39) * 2)}'"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments: `concat('a', 'b')`; of a user's own function with the namespace: `contoso.name('a')`."""

    name: str
    """As written; names ignore case."""
    arguments: tuple[Expression, ...] = ()
    column: int | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """The name in lower case, as functions are looked up."""
        return self.name.casefold()

    def __str__(self) -> str:
        return f"{self.name}({', '.join(str(each) for each in self.arguments)})"


@dataclass(frozen=True, slots=True)
class Member:
    """A property of an object: `resourceGroup().location`."""

    of: Expression
    name: str
    column: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.of}.{self.name}"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list or a property of an object: `parameters('names')[0]`, `parameters('tags')['cost center']`."""

    of: Expression
    index: Expression
    column: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.of}[{self.index}]"


Expression = Literal | Call | Member | Item
