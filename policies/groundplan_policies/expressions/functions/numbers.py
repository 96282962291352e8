# SPDX-License-Identifier: Apache-2.0
"""Functions over numbers.

Source: "Numeric functions for ARM templates" of Microsoft's documentation.
"""

from __future__ import annotations

from typing import Any

from groundplan_policies.expressions.errors import ExpressionError
from groundplan_policies.expressions.function import Table, told

NUMBERS = Table()


@NUMBERS.add("add", "int", "int")
def _add(one: int, other: int) -> int:
    return one + other


@NUMBERS.add("sub", "int", "int")
def _sub(one: int, other: int) -> int:
    return one - other


@NUMBERS.add("mul", "int", "int")
def _mul(one: int, other: int) -> int:
    return one * other


@NUMBERS.add("div", "int", "int")
def _div(one: int, other: int) -> int:
    """Towards zero, as .NET divides."""
    if other == 0:
        raise ExpressionError(f"div is given {one} to divide by 0")
    quotient = abs(one) // abs(other)
    return quotient if (one < 0) is (other < 0) else -quotient


@NUMBERS.add("mod", "int", "int")
def _mod(one: int, other: int) -> int:
    """With the sign of the first, as .NET does."""
    if other == 0:
        raise ExpressionError(f"mod is given {one} to divide by 0")
    return one - other * _div(one, other)


@NUMBERS.add("int", "string|int")
def _int(value: str | int) -> int:
    try:
        return int(value)
    except ValueError:
        raise ExpressionError(f"int is given {told(value)}; an int, or a string that is one, is expected") from None


@NUMBERS.add("float", "string|number")
def _float(value: str | float) -> float:
    try:
        return float(value)
    except ValueError:
        raise ExpressionError(f"float is given {told(value)}; a number, or a string that is one, is expected") from None


def _integers(name: str, values: tuple[Any, ...]) -> list[int]:
    found: list[Any] = list(values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values)
    if not found:
        raise ExpressionError(f"{name} is given an empty array; at least one int is expected")
    wrong = next((each for each in found if isinstance(each, bool) or not isinstance(each, int)), None)
    if wrong is not None or None in found:
        raise ExpressionError(f"{name} is given {told(wrong)}; ints, or one array of ints, are expected")
    return found


@NUMBERS.add("min", "int|array", "int...")
def _min(*values: Any) -> int:
    return min(_integers("min", values))


@NUMBERS.add("max", "int|array", "int...")
def _max(*values: Any) -> int:
    return max(_integers("max", values))
