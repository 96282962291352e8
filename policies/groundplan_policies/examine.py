# SPDX-License-Identifier: Apache-2.0
"""Puts a pack's rules to resources: the engine's adapter and every other way to check go through here, so they agree."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from groundplan_policies.evaluate import Finding, ask
from groundplan_policies.exemptions import Exemptions, Notice
from groundplan_policies.stack import Stack

if TYPE_CHECKING:
    from groundplan_policies.configuration import Exemption
    from groundplan_policies.packs import Active, Pack
    from groundplan_policies.resource import Resource

Weight = Literal["mandatory", "advisory"]
"""What a finding does to an update: it stops it, or it is told."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A finding, how much it weighs in the pack, and the exemption that accepts it, if any."""

    finding: Finding
    level: Weight
    exemption: Exemption | None = None

    @property
    def is_open(self) -> bool:
        """Whether the update will decide it."""
        return self.finding.verdict == "undecided" and not self.finding.secret


class Examiner:
    """One pack on one stack. Ask about every resource, then about the stack, then for the notices.

    What a rule can not decide of a resource alone is asked again with the stack: then it is known out of which other resources
    a value comes, and that may be all that the rule needs.
    """

    def __init__(self, pack: Pack, *, stack: str = "", today: datetime.date | None = None) -> None:
        self.pack = pack
        day = today or datetime.datetime.now(tz=datetime.UTC).date()
        names = {name.casefold() for each in pack.active for name in (each.rule.id, each.rule.slug)}
        self._exemptions = Exemptions(pack.exemptions, day, stack, frozenset(names))
        self._alone: dict[str, list[Active]] = {}
        self._together: dict[str, list[Active]] = {}
        self._open: dict[str, list[Active]] = {}
        for active in pack.enabled():
            table = self._together if active.rule.needs_stack else self._alone
            for kind in active.rule.types:
                table.setdefault(kind.casefold(), []).append(active)

    def resource(self, found: Resource) -> list[Judgement]:
        """What the rules that need no other resource say of one, but for what is open."""
        said: list[Judgement] = []
        for active in _of(self._alone, found):
            judged = list(self._ask(active, found, None))
            if any(each.is_open for each in judged):
                self._open.setdefault(found.key, []).append(active)
            else:
                said += judged
        return said

    def stack(self, resources: Iterable[Resource]) -> list[Judgement]:
        """What the rules over the whole stack say, and those that had left a resource open."""
        stack = Stack(resources)
        return [
            said
            for found in stack.resources
            for active in (*self._open.get(found.key, ()), *_of(self._together, found))
            for said in self._ask(active, found, stack)
        ]

    def notices(self) -> list[Notice]:
        """Exemptions that are expired, or that nothing asked for; the last question."""
        return self._exemptions.notices()

    def _ask(self, active: Active, found: Resource, stack: Stack | None) -> Iterator[Judgement]:
        for finding in ask(active.rule, found, stack, active.parameters):
            yield Judgement(finding, _weight(active, finding), self._exemptions.covering(finding))


def _of(table: Mapping[str, Sequence[Active]], found: Resource) -> Sequence[Active]:
    """The rules that look at a resource's type."""
    return (*table.get(found.kind, ()), *table.get("*", ()))


def examine(
    pack: Pack, resources: Iterable[Resource], *, stack: str = "", today: datetime.date | None = None
) -> list[dict[str, Any]]:
    """Put a whole pack to all resources at once; what it says, as records have it."""
    all_of_them = list(resources)
    examiner = Examiner(pack, stack=stack, today=today)
    said = [each for found in all_of_them for each in examiner.resource(found)]
    said += examiner.stack(all_of_them)
    return [*map(judgement_row, said), *map(notice_row, examiner.notices())]


def judgement_row(said: Judgement) -> dict[str, Any]:
    """A judgement as records and reports have it."""
    finding, exemption = said.finding, said.exemption
    row: dict[str, Any] = {
        "rule": finding.rule.id,
        "verdict": finding.verdict,
        "level": said.level,
        "resource": finding.resource.key,
        "path": finding.path,
        "message": finding.message,
    }
    if exemption is not None:
        row["exemption"] = _exemption_row(exemption)
    return row


def _exemption_row(exemption: Exemption) -> dict[str, str]:
    return {
        "rule": exemption.rule,
        "resource": exemption.resource,
        "reason": exemption.reason,
        "approver": exemption.approver,
        "expires": exemption.expires.isoformat(),
    }


def notice_row(notice: Notice) -> dict[str, Any]:
    """The same of an exemption that somebody should look at."""
    exempts = _exemption_row(notice.exemption)
    return {"verdict": notice.problem, "level": "advisory", "message": notice.message, "exempts": exempts}


def _weight(active: Active, finding: Finding) -> Weight:
    """What is not known yet is only told: the update decides it. What is secret no update will tell, so it weighs as a violation."""
    if finding.verdict == "undecided" and not finding.secret:
        return "advisory"
    return "advisory" if active.level == "advisory" else "mandatory"
