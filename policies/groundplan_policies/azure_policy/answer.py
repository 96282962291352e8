# SPDX-License-Identifier: Apache-2.0
"""What a condition answers: it holds, it does not, or nobody can tell yet; and why.

Conditions are asked in the order in which they are written, and a logical operator stops at the first that decides, as the service
does. So an evaluation that fails behind a condition that nobody can tell is itself one that nobody can tell. A value that is not known
is taken to become one that the condition can be asked of: a condition that nobody can tell is not one that may fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Cause = Literal["", "unknown", "secret", "other"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an answer is what it is.

    `path`: of the value in the resource's body, '' where it is about none. `says`: in words, the path included.
    `cause`: why nobody can tell: the value is not known yet, is secret, or something else; '' where the answer is decided.
    """

    path: str
    says: str
    cause: Cause = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a condition. `holds` is None where nobody can tell; `evidence` then has what is missing."""

    holds: bool | None
    evidence: tuple[Evidence, ...] = ()


Question = Callable[[], Answer]


class Failure(Exception):  # noqa: N818  (the name says what it is)
    """An evaluation that fails; the service then denies the request."""

    def __init__(self, at: str, says: str) -> None:
        super().__init__(f"{at}: {says}" if at else says)
        self.at = at


def negated(answer: Answer) -> Answer:
    """The contrary of an answer."""
    return answer if answer.holds is None else Answer(not answer.holds, answer.evidence)


def all_of(questions: Iterable[Question]) -> Answer:
    """Whether all hold. Raises `Failure`."""
    return _until(questions, decides=False)


def any_of(questions: Iterable[Question]) -> Answer:
    """Whether one holds. Raises `Failure`."""
    return _until(questions, decides=True)


def _until(questions: Iterable[Question], *, decides: bool) -> Answer:
    evidence: list[Evidence] = []
    missing: list[Evidence] = []
    for ask in questions:
        try:
            answer = ask()
        except Failure:
            if not missing:
                raise
            return Answer(None, tuple(missing))  # whether the failing condition is reached depends on what is missing
        if answer.holds is decides:
            return answer
        (missing if answer.holds is None else evidence).extend(answer.evidence)
    return Answer(None, tuple(missing)) if missing else Answer(not decides, tuple(evidence))
