# SPDX-License-Identifier: Apache-2.0
"""Decides wherever what is known is enough, and only then leaves a question undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from groundplan_policies.decisions import any_of
from groundplan_policies.resource import Violation
from groundplan_policies.values import Undecided

T = TypeVar("T")


def all_of(*questions: Callable[[], bool]) -> bool:
    """Whether all answers are yes; one that is no decides, whatever the others are. Raises `Undecided` where none is and one may be."""
    return not any_of(*((lambda question=question: not question()) for question in questions))


def any_among(parts: Iterable[T], question: Callable[[T], bool]) -> bool:
    """Whether the answer is yes for one of the parts. Raises `Undecided` where it is for none for sure and may be for one."""
    return any_of(*((lambda part=part: question(part)) for part in parts))


def each(parts: Iterable[T], check: Callable[[T], Iterable[Violation]]) -> Iterator[Violation]:
    """What a check finds of every part, those that are open last: they raise `Undecided` once all the others have been looked at."""
    undecided: Undecided | None = None
    for part in parts:
        try:
            yield from check(part)
        except Undecided as error:
            undecided = error
    if undecided is not None:
        raise undecided
