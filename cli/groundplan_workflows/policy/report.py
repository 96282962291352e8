# SPDX-License-Identifier: Apache-2.0
"""What packs said: every finding with its rule, its resource, and the line of the program that declares it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from groundplan_policies.rule import SEVERITIES, Severity

if TYPE_CHECKING:
    from groundplan_policies.packs import Pack
    from groundplan_policies.resource import Resource
    from groundplan_policies.rule import Rule
    from groundplan_workflows.policy.chosen import Chosen

Threshold = Severity | Literal["mandatory"]
"""From which severity on a finding fails a check; `mandatory` goes by the level of the rule in its pack."""
THRESHOLDS: tuple[Threshold, ...] = (*SEVERITIES, "mandatory")
Source = Literal["engine", "record", "template", "group"]
Verdict = Literal["violation", "undecided", "error", "exemption-expired", "exemption-unused"]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, both counted from one."""

    file: Path
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def relative(self, folder: Path) -> str:
        """The file as seen from a folder, whole where it lies elsewhere."""
        path, base = self.file.resolve(), folder.resolve()
        return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding, as every format shows it."""

    verdict: Verdict
    level: Literal["mandatory", "advisory"]
    message: str
    pack: str
    stack: str = ""
    """The stack, template or group that was checked."""
    rule: Rule | None = None
    """None for what is said of an exemption."""
    resource: str = ""
    """URN or ARM id."""
    label: str = ""
    type: str = ""
    path: str = ""
    """Where in the resource's body in ARM's shape."""
    place: Place | None = None
    exemption: Mapping[str, str] | None = None
    """Reason, approver and expiry of what accepts it."""
    exempts: Mapping[str, str] | None = None
    """The exemption that it is about."""

    @property
    def rule_id(self) -> str:
        """The rule's id, or what is wrong with an exemption."""
        return self.rule.id if self.rule else self.verdict

    @property
    def severity(self) -> Severity:
        """The rule's severity; low for what is said of an exemption."""
        return self.rule.severity if self.rule else "low"

    @property
    def is_open(self) -> bool:
        """Whether the update will decide it."""
        return self.verdict == "undecided" and self.level == "advisory" and self.exemption is None

    def fails(self, threshold: Threshold) -> bool:
        """Whether a check fails for it. What is accepted or not decided yet does not."""
        if self.exemption is not None:
            return False
        if threshold == "mandatory":
            return self.level == "mandatory"
        decided = self.verdict in ("violation", "error") or self.level == "mandatory"
        return decided and SEVERITIES.index(self.severity) >= SEVERITIES.index(threshold)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; empty parts are left out."""
        rule = self.rule
        parts: dict[str, Any] = {
            "rule": self.rule_id,
            "slug": rule.slug if rule else "",
            "title": rule.title if rule else "",
            "severity": self.severity,
            "verdict": self.verdict,
            "level": self.level,
            "pack": self.pack,
            "stack": self.stack,
            "resource": self.resource,
            "name": self.label,
            "type": self.type,
            "path": self.path,
            "message": self.message,
            "remediation": rule.remediation if rule and self.verdict == "violation" else "",
            "file": str(self.place.file) if self.place else "",
            "line": self.place.line if self.place else 0,
            "exemption": dict(self.exemption) if self.exemption else {},
        }
        return {name: part for name, part in parts.items() if part}


@dataclass(slots=True, kw_only=True)
class PolicyReport:
    """What came of a check."""

    source: Source
    packs: Sequence[str]
    threshold: Threshold
    findings: Sequence[Finding] = ()
    rules: Sequence[Rule] = ()
    """The rules that were asked."""
    resources: int = 0
    unchecked: Mapping[str, str] = field(default_factory=dict[str, str])
    """Why a stack could not be looked at, by stack."""
    notes: Sequence[tuple[str, str]] = ()
    """What of a template is not known, by place."""
    target: str = ""
    seconds: float = 0.0

    @property
    def failing(self) -> list[Finding]:
        """The findings for which the check fails."""
        return [each for each in self.findings if each.fails(self.threshold)]

    def counts(self) -> dict[str, int]:
        """How many findings there are of each kind; accepted ones count as `exempted`."""
        found: dict[str, int] = {"violation": 0, "undecided": 0, "error": 0, "exempted": 0}
        for each in self.findings:
            kind = "exempted" if each.exemption is not None else each.verdict
            found[kind] = found.get(kind, 0) + 1
        return found

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "source": self.source,
            "target": self.target,
            "packs": list(self.packs),
            "rules": len(self.rules),
            "resources": self.resources,
            "fail_on": self.threshold,
            "failed": len(self.failing),
            "counts": self.counts(),
            "unchecked": dict(self.unchecked),
            "notes": [{"place": place, "message": said} for place, said in self.notes],
            "seconds": round(self.seconds, 3),
            "findings": [each.as_dict() for each in self.findings],
        }


def findings(
    rows: Iterable[Mapping[str, Any]],
    pack: Pack,
    resources: Mapping[str, Resource],
    stack: str,
    places: Mapping[str, Place],
) -> list[Finding]:
    """Findings out of what a pack said. `places`: by key of the resource or of a component around it."""
    found: list[Finding] = []
    for row in rows:
        resource = resources.get(row.get("resource", ""))
        active = pack.by_id.get(row.get("rule", ""))
        found.append(
            Finding(
                verdict=row["verdict"],
                level=row["level"],
                message=row["message"],
                pack=pack.name,
                stack=stack,
                rule=active.rule if active else None,
                resource=resource.key if resource else "",
                label=resource.label if resource else "",
                type=resource.type if resource else "",
                path=row.get("path", ""),
                place=_place(resource, places),
                exemption=row.get("exemption"),
                exempts=row.get("exempts"),
            )
        )
    return found


def summed_up(
    source: Source, packs: Sequence[Pack], chosen: Chosen, found: Iterable[Finding], resources: int, began: float
) -> PolicyReport:
    """A report of what packs said. `began`: when the check did, by the monotonic clock."""
    rules = {each.rule.id: each.rule for pack in packs for each in pack.enabled()}
    return PolicyReport(
        source=source,
        packs=[each.name for each in packs],
        threshold=chosen.threshold,
        findings=merged(found),
        rules=list(rules.values()),
        resources=resources,
        seconds=time.monotonic() - began,
    )


def merged(found: Iterable[Finding]) -> list[Finding]:
    """What several packs say of one thing once, with the stricter level and all of their names; the worst first."""
    everything = list(found)
    used = [each.exemption for each in everything if each.exemption is not None]
    together: dict[tuple[str, ...], Finding] = {}
    for each in everything:
        if each.verdict == "exemption-unused" and each.exempts in used:
            continue  # of use in another stack or pack of this check
        key = (each.rule_id, each.stack, each.resource, each.path, each.message)
        known = together.get(key)
        if known is None:
            together[key] = each
            continue
        stricter = (
            each if (known.exemption is not None, known.level) > (each.exemption is not None, each.level) else known
        )
        level = "mandatory" if "mandatory" in (each.level, known.level) else "advisory"
        names = dict.fromkeys([*known.pack.split(", "), *each.pack.split(", ")])
        together[key] = replace(stricter, level=level, pack=", ".join(names))
    return sorted(together.values(), key=_order)


def _order(each: Finding) -> tuple[bool, bool, int, str, str, str]:
    return (
        each.exemption is not None,
        each.verdict == "undecided",
        -SEVERITIES.index(each.severity),
        each.stack,
        each.rule_id,
        each.label,
    )


def _place(resource: Resource | None, places: Mapping[str, Place]) -> Place | None:
    if resource is None:
        return None
    return next((places[key] for key in (resource.key, *resource.parents) if key in places), None)
