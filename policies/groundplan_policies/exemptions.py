# SPDX-License-Identifier: Apache-2.0
"""Which exemption covers which finding, and which ones are expired or of no use."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundplan_policies.configuration import Exemption
    from groundplan_policies.evaluate import Finding
    from groundplan_policies.resource import Resource

EXPIRED = "exemption-expired"
UNUSED = "exemption-unused"


@dataclass(frozen=True, slots=True)
class Notice:
    """An exemption that somebody should look at: `problem` is one of `EXPIRED`, `UNUSED`."""

    problem: str
    exemption: Exemption
    message: str


@dataclass(slots=True)
class Exemptions:
    """The exemptions that apply to one stack on one day; it remembers which of them were used."""

    given: Sequence[Exemption]
    today: datetime.date
    stack: str = ""
    """`project/stack`; '' where there is none, which every pattern fits."""
    rules: frozenset[str] | None = None
    """Ids and slugs of the rules that are asked: an exemption of another rule is another pack's. None for all."""
    _used: set[int] = field(default_factory=set[int])

    def covering(self, finding: Finding) -> Exemption | None:
        """The exemption that accepts a finding. An expired one accepts nothing, nor does any accept a rule that raised."""
        for index, each in enumerate(self.given):
            if self._fits(each, finding):
                self._used.add(index)
                if finding.verdict != "error" and each.expires >= self.today:
                    return each
        return None

    def notices(self) -> list[Notice]:
        """What is wrong with the exemptions of this stack, once every finding was shown to `covering`."""
        found: list[Notice] = []
        for index, each in enumerate(self.given):
            about = f"exemption of {each.rule} for {each.resource!r} (approved by {each.approver})"
            if not self._here(each):
                continue
            if each.expires < self.today:
                said = (
                    f"{about} expired on {each.expires}; mend what it excused and delete it, or have it approved again"
                )
                found.append(Notice(EXPIRED, each, said))
            elif index not in self._used:
                said = f"{about} excuses nothing in this stack; delete it, or mend its rule, resource or stack"
                found.append(Notice(UNUSED, each, said))
        return found

    def _fits(self, each: Exemption, finding: Finding) -> bool:
        rule = finding.rule
        named = each.rule == "*" or each.rule.casefold() in (rule.id.casefold(), rule.slug)
        return named and self._here(each) and _matches(each.resource, finding.resource)

    def _here(self, each: Exemption) -> bool:
        if self.rules is not None and each.rule != "*" and each.rule.casefold() not in self.rules:
            return False
        return not self.stack or fnmatchcase(self.stack.casefold(), each.stack.casefold())


def _matches(pattern: str, resource: Resource) -> bool:
    lowered = pattern.casefold()
    names = (resource.label, resource.key, resource.id or "", resource.name or "")
    return any(fnmatchcase(name.casefold(), lowered) for name in names if name)
