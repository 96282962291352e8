# SPDX-License-Identifier: Apache-2.0
"""Types of answers that the SDK leaves open.

The Python SDK writes `Any` for an output that is one of several types. The input of the same name tells which: its types' twins
(`AmlComputeResponse` for `AmlComputeArgs`) are what Azure answers.
"""

from __future__ import annotations

from groundplan_arm.generate.sources import Field, Kind, Module
from groundplan_arm.notation import named_types

_OPEN = ("*", "[]*", "{}*")


def name_answers(source: Module, given: dict[str, Field], answered: dict[str, Field]) -> None:
    """Give the open outputs among `answered` the answering types of the inputs `given`."""
    for wire, field in answered.items():
        twin = given.get(wire)
        if field.kind in _OPEN and twin is not None and any(mark == "#" for mark, _ in named_types(twin.kind)):
            kind = _answer(source, twin.kind)
            if kind is not None:
                field.kind = kind


def _answer(source: Module, kind: Kind) -> Kind | None:
    """The kind with each input type replaced by its answering twin; None where one has none."""
    if isinstance(kind, dict):
        answers: dict[str, list[Kind]] = {}
        for mark, options in kind.items():
            twins = [_answer(source, option) for option in options]
            answers[mark] = [twin for twin in twins if twin is not None]
            if len(answers[mark]) != len(options):
                return None
        return answers
    start = kind.find("#")
    if start < 0:
        return kind
    name = f"{kind[start + 1 :].removesuffix('Args')}Response"
    return f"{kind[:start]}#{name}" if source.has(name) else None
