# SPDX-License-Identifier: Apache-2.0
"""How many items of a list meet a condition, and how many more may once everything is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from groundplan_policies.azure_policy.answer import Answer, Evidence, Failure
from groundplan_policies.azure_policy.fields import Counted, marks_in
from groundplan_policies.azure_policy.situation import Named, Situation
from groundplan_policies.azure_policy.syntax import FieldCount, Node, ValueCount
from groundplan_policies.azure_policy.templates import text_in, value_of
from groundplan_policies.values import Mark, shown

Ask = Callable[[Node, Situation], Answer]


@dataclass(slots=True)
class Tally:
    """`least` items count for sure, `most` at most, of `total`. `endless`: how many items there are is not known."""

    of: str
    path: str = ""
    least: int = 0
    most: int = 0
    total: int = 0
    endless: bool = False
    missing: list[Evidence] = field(default_factory=list[Evidence])


def tally_field(count: FieldCount, situation: Situation, ask: Ask) -> Tally:
    """Counts the items of a list of the resource. Raises `Failure`."""
    alias = count.alias
    found = situation.select(alias)
    tally = Tally(alias.name, missing=list(found.missing), endless=bool(found.missing))
    if found.items:
        tally.path = found.items[0].path.rpartition("[")[0]
    path = alias.path or ()
    _count(
        tally,
        count.where,
        (situation.counting(Counted(alias.type.casefold(), path, item)) for item in found.items),
        ask,
    )
    return tally


def tally_value(count: ValueCount, situation: Situation, at: str, ask: Ask) -> Tally:
    """Counts the items of a list of the policy. Raises `Failure`."""
    found = value_of(count.value, situation, at)
    tally = Tally(text_in(count.value))
    if isinstance(found.value, Mark):
        tally.missing.extend(found.missing or marks_in(found.value, tally.of))
        tally.endless = True
        return tally
    if not isinstance(found.value, list):
        raise Failure(at, f"count.value comes to {shown(found.value)}; an array is needed")
    items = cast("list[Any]", found.value)
    _count(tally, count.where, (situation.counting(Named(count.name, item)) for item in items), ask)
    return tally


def _count(tally: Tally, where: Node | None, situations: Iterable[Situation], ask: Ask) -> None:
    for each in situations:
        tally.total += 1
        found = Answer(True) if where is None else ask(where, each)
        if found.holds is None:
            tally.missing.extend(found.evidence)
        tally.least += found.holds is True
        tally.most += found.holds is not False
