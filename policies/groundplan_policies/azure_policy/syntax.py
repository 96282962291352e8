# SPDX-License-Identifier: Apache-2.0
"""What the `if` of a policy is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundplan_policies.azure_policy.aliases import Alias
from groundplan_policies.expressions import Expression


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that is what it is."""

    value: Any


@dataclass(frozen=True, slots=True)
class Computed:
    """An expression, and its text as written."""

    expression: Expression
    text: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list with expressions in it."""

    items: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object with expressions in it."""

    entries: Mapping[str, Template]


Template = Fixed | Computed | ListOf | ObjectOf
"""A value of the policy, which may have expressions in it."""


@dataclass(frozen=True, slots=True)
class Field:
    """`field`: a property of the resource."""

    name: Template


@dataclass(frozen=True, slots=True)
class Value:
    """`value`: a value of the policy."""

    value: Template
    text: str


@dataclass(frozen=True, slots=True)
class FieldCount:
    """`count` over the items of a list in the resource."""

    alias: Alias
    where: Node | None


@dataclass(frozen=True, slots=True)
class ValueCount:
    """`count` over the items of a list in the policy."""

    value: Template
    name: str
    where: Node | None


Subject = Field | Value | FieldCount | ValueCount


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `at`: its place in the definition."""

    subject: Subject
    operator: str
    expected: Template
    at: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these holds."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these holds."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    item: Node


Node = AllOf | AnyOf | Not | Condition
