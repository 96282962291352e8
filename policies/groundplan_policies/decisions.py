# SPDX-License-Identifier: Apache-2.0
"""Decisions over several questions or parts of which some may not be known: what is known decides where it can."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from groundplan_policies.resource import Violation
from groundplan_policies.values import Undecided

Part = TypeVar("Part")


def any_of(*questions: Callable[[], bool]) -> bool:
    """Whether one of the answers is yes. Raises `Undecided` where none is for sure and one may be."""
    undecided: Undecided | None = None
    for question in questions:
        try:
            if question():
                return True
        except Undecided as error:
            undecided = undecided or error
    if undecided is not None:
        raise undecided
    return False


def all_of(*questions: Callable[[], bool]) -> bool:
    """Whether all answers are yes. A no decides, whatever the others are; raises `Undecided` where there is none and one may be."""
    return not any_of(*(partial(_turned, question) for question in questions))


def any_among(parts: Iterable[Part], question: Callable[[Part], bool]) -> bool:
    """Whether the answer is yes for one of the parts. Raises `Undecided` where it is for none for sure and for one it may be."""
    return any_of(*(partial(question, part) for part in parts))


def each_of(parts: Iterable[Part], look: Callable[[Part], Iterable[Violation]]) -> Iterator[Violation]:
    """What is wrong with any of the parts. Raises `Undecided` at the end where one of them could not be looked at."""
    undecided: Undecided | None = None
    for part in parts:
        try:
            yield from look(part)
        except Undecided as error:
            undecided = undecided or error
    if undecided is not None:
        raise undecided


def _turned(question: Callable[[], bool]) -> bool:
    return not question()
