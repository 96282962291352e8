# SPDX-License-Identifier: Apache-2.0
"""`percentiles(column, 50, 95)`, written as the single percentiles that the translation knows."""

from __future__ import annotations

import re
from typing import Final

_CALL: Final = re.compile(
    r"(?P<before>[\s,]|\A)percentiles\((?P<column>[A-Za-z_]\w*)\s*,(?P<wanted>\s*\d+(?:\.\d+)?\s*(?:,\s*\d+(?:\.\d+)?\s*)*)\)"
)
_TEXT: Final = re.compile(r"""@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'|//[^\n]*""")


def spelt_out(query: str) -> str:
    """The query with each such call of a column and numbers spelt out, on the line that it was on; texts stay as they are."""
    if "percentiles" not in query:
        return query
    parts: list[str] = []
    at = 0
    for text in _TEXT.finditer(query):
        parts += [_CALL.sub(_single, query[at : text.start()]), text[0]]
        at = text.end()
    return "".join([*parts, _CALL.sub(_single, query[at:])])


def _single(call: re.Match[str]) -> str:
    column = call["column"]
    wanted = [each.strip() for each in call["wanted"].split(",")]
    if call.string[: call.start("column")].removesuffix("percentiles(").rstrip().endswith("="):
        # named: one has one name
        return f"{call['before']}percentile({column}, {wanted[0]})" if len(wanted) == 1 else call[0]
    names = (f"percentile_{column}_{each.replace('.', '_')}" for each in wanted)
    return call["before"] + ", ".join(
        f"{name} = percentile({column}, {each})" for name, each in zip(names, wanted, strict=True)
    )
