# SPDX-License-Identifier: Apache-2.0
"""The table of differences that somebody has looked into, and what of a comparison it does not cover."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.policies.checkov.opinions import Compared, Opinion, Verdict

TABLE = Path(__file__).with_name("differences.toml")
AGREEMENTS: tuple[tuple[Verdict, Verdict], ...] = (("pass", "pass"), ("fail", "fail"))


@dataclass(frozen=True)
class Difference:
    """Resources of which the two say different things, and why they do."""

    control: str
    resources: Sequence[str]
    ours: Verdict
    checkov: Verdict
    why: str

    def opinions(self) -> list[Opinion]:
        """What has to be found for each of the resources."""
        return [Opinion(self.control, each, self.ours, self.checkov) for each in self.resources]


@dataclass(frozen=True)
class Unlike:
    """A check that sounds like a control and asks something else."""

    check: str
    control: str
    why: str


def differences(path: Path = TABLE) -> list[Difference]:
    """Those of the table."""
    return [Difference(**row) for row in _rows(path, "difference")]


def unlike(path: Path = TABLE) -> list[Unlike]:
    """Those of the table."""
    return [Unlike(**row) for row in _rows(path, "unlike")]


def _rows(path: Path, kind: str) -> list[dict[str, Any]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))[kind]


def problems(wanted: Sequence[Compared], found: Iterable[Opinion], explained: Sequence[Difference]) -> list[str]:
    """What is wrong, a sentence each: differences without an explanation, explanations of nothing, controls that are hardly compared."""
    seen = list(found)
    expected = [each for row in explained for each in row.opinions()]
    return [
        *_twice(seen, "two resources of one name are compared"),
        *_twice(expected, "it is explained twice"),
        *(f"{_told(each)}: explain it in {TABLE.name}" for each in seen if each.differs and each not in expected),
        *(f"{_told(each)}: this is explained, but not found" for each in expected if each not in seen),
        *(f"{_told(each)}: this is no difference" for each in expected if not each.differs),
        *_too_few(wanted, seen),
    ]


def _twice(each: Iterable[Opinion], problem: str) -> Iterator[str]:
    counts = Counter((one.control, one.resource) for one in each)
    return (f"{control}, {resource}: {problem}" for (control, resource), count in counts.items() if count > 1)


def _too_few(wanted: Sequence[Compared], seen: Collection[Opinion]) -> Iterator[str]:
    agreed = {(each.control, each.ours, each.checkov) for each in seen}
    for each in wanted:
        for verdict, other in AGREEMENTS:
            if (each.control, verdict, other) not in agreed:
                yield f"{each.control} ({', '.join(each.checks)}): both say {verdict} of no resource; review one of which they do"


def unlike_problems(rows: Iterable[Unlike], checks: Collection[str], named: Mapping[str, Collection[str]]) -> list[str]:
    """What is wrong with the other table. `named`: the checks of each control in the catalog."""
    return [
        f"{row.check}, {row.control}: {problem}"
        for row in rows
        for wrong, problem in (
            (row.check not in checks, "Checkov has no such check of ARM templates"),
            (row.control not in named, "there is no such control"),
            (row.check in named.get(row.control, ()), "the catalog names it all the same"),
        )
        if wrong
    ]


def _told(each: Opinion) -> str:
    return f"{each.control}, {each.resource}: our rules say {each.ours}, Checkov says {each.checkov}"
