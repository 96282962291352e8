# SPDX-License-Identifier: Apache-2.0
"""What is wrong with policy files: every problem with its file and its place in the JSON, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundplan_policies.expressions.evaluate import nearest

__all__ = ["PolicyError", "Problem", "Problems", "nearest", "one_of"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `at`: where, as a path in the definition, the set, the assignment or the exemption: `policyRule.if.allOf[1].field`.
    `says`: what is there and what is allowed. `file`: the file that it is in, '' where there is none.
    """

    at: str
    says: str
    file: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.at, self.says) if part)


class PolicyError(ValueError):
    """Policy files that can not be used, with all their problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        lines = [str(each) for each in problems]
        super().__init__(lines[0] if len(lines) == 1 else "\n".join([f"{len(lines)} problems:", *lines]))
        self.problems = tuple(problems)


class Problems:
    """Collects problems of one file."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, at: str, says: str) -> None:
        """Notes a problem."""
        self.found.append(Problem(at, says, self.file))


def one_of(value: object, allowed: Iterable[str], *, is_: str = "is") -> str:
    """`is 'eqals'; one of equals, notEquals is needed; did you mean 'equals'?`"""
    names = list(allowed)
    hint = nearest(value, names) if isinstance(value, str) else ""
    return f"{is_} {value!r}; one of {', '.join(names)} is needed{hint}"
