# SPDX-License-Identifier: Apache-2.0
"""The service's answers: a table of typed columns and rows, with statistics and the wanted visualisation where they were asked for."""

from __future__ import annotations

import re
from typing import Any

import orjson

from groundplan_emulator.ml.logs import errors
from groundplan_emulator.ml.logs.kql import MOST_BYTES, MOST_ROWS, Answer

_RENDER = re.compile(r"\|\s*render\s+(?P<kind>\w+)\s*(?:with\s*\((?P<with>[^)]*)\))?\s*;?\s*$", re.IGNORECASE)
_OPTION = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]+))""")


def body(answer: Answer, query: str, *, statistics: bool, render: bool) -> dict[str, Any]:
    """The answer's JSON object."""
    table = {
        "name": "PrimaryResult",
        "columns": [{"name": column.name, "type": column.type} for column in answer.columns],
        "rows": orjson.Fragment(b"[" + b",".join(answer.rows) + b"]"),
    }
    made: dict[str, Any] = {"tables": [table]}
    if statistics:
        made["statistics"] = {
            "query": {
                "executionTime": round(answer.seconds, 7),
                "datasetStatistics": [{"tableRowCount": len(answer.rows), "tableSize": answer.size}],
            }
        }
    if render:
        made["render"] = _render(query)
    if answer.cut:
        made["error"] = errors.partial(
            f"The results of this query exceed the set limit of {MOST_ROWS} records or {MOST_BYTES} bytes, so not all records were"
            " returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003)."
        )
    return made


def _render(query: str) -> dict[str, Any]:
    found = _RENDER.search(query)
    if found is None:
        return {"visualization": None}
    options = {name: first or second or third for name, first, second, third in _OPTION.findall(found["with"] or "")}
    return {"visualization": found["kind"], "title": None, "accumulate": False, "isQuerySorted": False, **options}
