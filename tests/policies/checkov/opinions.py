# SPDX-License-Identifier: Apache-2.0
"""What our rules and Checkov each say of the resources of a template, control by control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from groundplan_policies import catalog, controls
from groundplan_policies.examine import examine
from groundplan_policies.packs import Active, Pack
from groundplan_policies.resource import Resource
from groundplan_policies.rule import Rule
from tests.fixtures.checkov import Record

Verdict = Literal["pass", "fail", "undecided", "not asked"]


@dataclass(frozen=True)
class Compared:
    """A control that both look at: our rules for it, and Checkov's checks of ARM templates."""

    control: str
    rules: Sequence[Rule]
    checks: Sequence[str]

    @property
    def kinds(self) -> frozenset[str]:
        """The types that our rules look at, in lower case."""
        return frozenset(each.casefold() for rule in self.rules for each in rule.types)


@dataclass(frozen=True)
class Opinion:
    """What the two say of one resource. `not asked`: it is of a type, kind or place that one does not look at."""

    control: str
    resource: str
    ours: Verdict
    checkov: Verdict

    @property
    def differs(self) -> bool:
        """Whether they contradict each other. Silence of Checkov contradicts nothing."""
        return self.checkov not in (self.ours, "not asked")


def compared(checks: Iterable[str]) -> list[Compared]:
    """The controls with a rule that name one of these checks."""
    known = frozenset(checks)
    rules: dict[str, list[Rule]] = {}
    for rule in catalog.load():
        for key in rule.controls:
            rules.setdefault(key, []).append(rule)
    return [
        Compared(key, rules[key], shared)
        for key, control in controls.load().items()
        if key in rules and (shared := [each for each in control.checkov if each in known])
    ]


def opinions(
    wanted: Iterable[Compared], resources: Sequence[Resource], records: Iterable[Record], prefix: str = ""
) -> Iterator[Opinion]:
    """Of each control and each resource that one of the two looks at. `prefix`: what tells the template's names from those of others."""
    said: dict[str, list[Record]] = {}
    for record in records:
        said.setdefault(record.check, []).append(record)
    for each in wanted:
        ours = dict(_ours(each, resources))
        theirs = _theirs(each, [record for check in each.checks for record in said.get(check, ())])
        for name in sorted({*ours, *theirs}):
            yield Opinion(each.control, f"{prefix}{name}", ours.get(name, "not asked"), theirs.get(name, "not asked"))


def _ours(wanted: Compared, resources: Sequence[Resource]) -> Iterator[tuple[str, Verdict]]:
    pack = Pack("compared", "", [Active(rule, "mandatory", {}) for rule in wanted.rules])
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in examine(pack, resources):
        rows.setdefault(str(row["resource"]), []).append(row)
    for found in resources:
        if found.kind in wanted.kinds:
            yield str(found.name), _verdict(rows.get(found.key, []))


def _verdict(rows: Sequence[Mapping[str, Any]]) -> Verdict:
    verdicts = {row["verdict"] for row in rows}
    if "error" in verdicts:
        raise ValueError(f"a rule is broken: {[row['message'] for row in rows]}")
    return "fail" if "violation" in verdicts else "undecided" if verdicts else "pass"


def _theirs(wanted: Compared, records: Sequence[Record]) -> dict[str, Verdict]:
    """One failing check is enough; what is said of a part is said of the resource that our rules look at."""
    found: dict[str, Verdict] = {}
    for record in records:
        name = _owner(record, wanted.kinds)
        if found.get(name) != "fail":
            found[name] = record.verdict
    return found


def _owner(record: Record, kinds: frozenset[str]) -> str:
    """The name of the record's resource, or of the nearest above it that is of one of some types."""
    types, names = record.type.split("/"), record.name.split("/")
    while len(names) > 1 and "/".join(types).casefold() not in kinds:
        types.pop()
        names.pop()
    return "/".join(names)
