# SPDX-License-Identifier: Apache-2.0
"""Decisions over several questions or parts of which some may not be known: what is known decides where it can."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from groundplan_policies.resource import View, Violation
from groundplan_policies.values import Undecided

Part = TypeVar("Part", bound=View)


def any_of(*questions: Callable[[], bool]) -> bool:
    """Whether one of the answers is yes. Raises `Undecided` where none is for sure and one may be."""
    undecided: Undecided | None = None
    for question in questions:
        try:
            if question():
                return True
        except Undecided as error:
            undecided = error
    if undecided is not None:
        raise undecided
    return False


def each_of(parts: Iterable[Part], look: Callable[[Part], Iterable[Violation]]) -> Iterator[Violation]:
    """What is wrong with any of the parts. Raises `Undecided` at the end where one of them could not be looked at."""
    undecided: Undecided | None = None
    for part in parts:
        try:
            yield from look(part)
        except Undecided as error:
            undecided = error
    if undecided is not None:
        raise undecided
