# SPDX-License-Identifier: Apache-2.0
"""`$filter` of a metrics query: `deployment eq '*' and statusCodeClass eq '2xx' or statusCodeClass eq '5xx'`.

Operators are eq, ne and sw (starts with). `and` joins dimensions, `or` alternatives of one dimension. A dimension that is named splits the
answer by its values; `*` stands for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?P<join>and|or)\b|(?P<name>[\w %./-]+?)\s+(?P<operator>eq|ne|sw)\s+'(?P<value>(?:[^']|'')*)')",
    re.IGNORECASE,
)


class FilterError(ValueError):
    """A filter that cannot be read; the message says why."""


@dataclass(slots=True)
class Filter:
    """Alternatives by dimension (lower case): pairs of operator and value."""

    clauses: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What is filtered or split by, in lower case."""
        return tuple(self.clauses)

    def accepts(self, dimensions: Mapping[str, str]) -> bool:
        """Whether a series with these dimensions is asked for."""
        return all(_any(dimensions.get(name, ""), clauses) for name, clauses in self.clauses.items())


def _any(value: str, clauses: list[tuple[str, str]]) -> bool:
    positive = [clause for clause in clauses if clause[0] != "ne"]
    negative = [clause for clause in clauses if clause[0] == "ne"]
    value = value.lower()
    if any(value == wanted.lower() for _, wanted in negative):
        return False
    return not positive or any(
        wanted == "*" or (value.startswith(wanted.lower()) if operator == "sw" else value == wanted.lower())
        for operator, wanted in positive
    )


def parse(text: str) -> Filter:
    """Read a filter. Raises `FilterError`."""
    result, at, join, last, depth = Filter(), 0, "", "", 0
    expects_clause = True
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise FilterError(_reason(text, at))
        at = match.end()
        if match["bracket"]:
            depth += 1 if match["bracket"] == "(" else -1
            if depth < 0 or (match["bracket"] == "(") != expects_clause:
                raise FilterError(_reason(text, match.start()))
        elif match["join"]:
            if expects_clause:
                raise FilterError(_reason(text, match.start()))
            join, expects_clause = match["join"].lower(), True
        else:
            if not expects_clause:
                raise FilterError(_reason(text, match.start()))
            name = match["name"].strip().lower()
            if join == "or" and name != last:
                raise FilterError(
                    f"The $filter '{text}' joins '{last}' and '{name}' with 'or': 'or' joins values of one dimension only;"
                    " use 'and' between dimensions."
                )
            result.clauses.setdefault(name, []).append((match["operator"].lower(), match["value"].replace("''", "'")))
            last, expects_clause = name, False
    if expects_clause or depth:
        raise FilterError(_reason(text, len(text)))
    return result


def _reason(text: str, at: int) -> str:
    return (
        f"The $filter '{text}' cannot be read at position {at}: it consists of clauses like deployment eq 'blue'"
        " (operators eq, ne, sw; '*' for every value), joined by 'and' and 'or'."
    )
