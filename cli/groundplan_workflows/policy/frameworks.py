# SPDX-License-Identifier: Apache-2.0
"""Control by control, what packs enforce of a published framework, and by whom the rest is taken care of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from groundplan_policies import catalog, controls, frameworks, packs
from groundplan_policies.frameworks import OWNERS, Framework, FrameworkControl, UnknownFramework
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy.chosen import usage_errors

if TYPE_CHECKING:
    from groundplan_policies.controls import Control
    from groundplan_policies.levels import Level
    from groundplan_policies.packs import Active, Pack
    from groundplan_policies.rule import Rule

Status = Literal["enforced", "partly", "elsewhere", "not"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""From what these packs take care of to what nobody does."""
_AT_PREVIEW = ("preview", "stack")
_STOPPING = ("mandatory", "remediate")  # what a remedy can not mend counts as mandatory


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule in the chosen packs."""

    id: str
    level: Level
    """The weightiest that a pack gives it."""
    packs: Sequence[str]


@dataclass(frozen=True, slots=True)
class LiveControl:
    """A control of the catalog that needs the live state, or prices."""

    key: str
    azure_policy: Sequence[str]
    """GUIDs of the built-in definitions that decide it in Azure."""

    @property
    def where(self) -> str:
        """Who looks at it."""
        guids = f"Azure Policy {', '.join(self.azure_policy)}" if self.azure_policy else ""
        if self.key.startswith("def-"):  # the catalog's own mark of what Defender assesses
            return f"Defender ({guids})" if guids else "Defender"
        return guids or "the live state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One control of a framework."""

    control: FrameworkControl
    status: Status
    by: Sequence[str]
    """Who takes care of it: packs, Azure Policy, Defender, the organisation, Microsoft."""
    rules: Sequence[AskedRule]
    """Rules of the chosen packs for it."""
    other_rules: Sequence[str]
    """Rules for what these packs leave open."""
    live: Sequence[LiveControl]
    catalog: Sequence[str]
    """Keys of the catalog's controls that map to it."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.control.id,
            "words": self.control.words,
            "family": self.control.family,
            "status": self.status,
            "by": list(self.by),
            "rules": [{"id": each.id, "level": each.level, "packs": list(each.packs)} for each in self.rules],
            "other_rules": list(self.other_rules),
            "live": [{"control": each.key, "azure_policy": list(each.azure_policy)} for each in self.live],
            "catalog": list(self.catalog),
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """A framework, with packs."""

    framework: Framework
    packs: Sequence[str]
    rows: Sequence[Covered]

    def counts(self) -> dict[Status, int]:
        """How many controls have each status."""
        found = Counter(each.status for each in self.rows)
        return {each: found[each] for each in STATUSES}

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        found = self.framework
        return {
            "framework": found.key,
            "name": found.name,
            "source": found.source,
            "whole": found.whole,
            "note": found.note,
            "packs": list(self.packs),
            "total": len(self.rows),
            "counts": self.counts(),
            "controls": [each.as_dict() for each in self.rows],
        }


def coverage(framework: str, names: Sequence[str]) -> Coverage:
    """Every control of a framework with what packs enforce of it; all of Groundplan's packs unless some are named. UsageError."""
    try:
        found = frameworks.find(framework)
    except UnknownFramework as error:
        raise UsageError(str(error)) from None
    with usage_errors():
        own = {name: packs.load(packs.folder_of(name)) for name in packs.NAMES if _exists(name)}
        asked = [own.get(name) or packs.load(packs.folder_of(name)) for name in dict.fromkeys(names)]
    return covered(found, asked or list(own.values()), list(own.values()), catalog.load(), controls.load())


def covered(
    framework: Framework,
    chosen: Sequence[Pack],
    known: Sequence[Pack],
    rules: Iterable[Rule],
    of_catalog: Mapping[str, Control],
) -> Coverage:
    """The same for packs, those that there are besides, all rules, and the catalog of controls."""
    look = _Look(chosen, known, rules)
    mapped: dict[str, list[Control]] = {}
    for each in of_catalog.values():
        for identifier in each.maps.get(framework.key, ()):
            mapped.setdefault(identifier, []).append(each)
    rows = [look.at(each, mapped.get(each.id, [])) for each in framework.controls]
    return Coverage(framework, [pack.name for pack in chosen], rows)


class _Look:
    def __init__(self, chosen: Sequence[Pack], known: Sequence[Pack], rules: Iterable[Rule]) -> None:
        self.asked = _by_control(chosen)
        self.known = _by_control(known)
        self.rules: dict[str, list[str]] = {}
        for rule in rules:
            for key in rule.controls:
                self.rules.setdefault(key, []).append(rule.id)

    def at(self, control: FrameworkControl, mapped: Sequence[Control]) -> Covered:
        found = {rule.id: rule for each in mapped for rule in self.asked.get(each.key, ())}
        decidable = [each for each in mapped if each.phase in _AT_PREVIEW]
        left = [each for each in decidable if not self._stops(each.key)]
        live = [_live(each) for each in mapped if each.phase not in _AT_PREVIEW]
        unasked = [each.key for each in mapped if each.key not in self.asked]
        here = list(dict.fromkeys(name for rule in found.values() for name in rule.packs))
        by = [f"pack {name}" for name in here]
        by += self._elsewhere(unasked, here)
        by += [each.where for each in live]
        if not by and control.owner != "resources":
            by.append(OWNERS[control.owner])
        return Covered(
            control=control,
            status=_status(found=bool(found), all_stop=bool(decidable) and not left and not live, by=by),
            by=list(dict.fromkeys(by)),
            rules=sorted(found.values(), key=lambda each: each.id),
            other_rules=sorted({rule for key in unasked for rule in self._others(key)} - set(found)),
            live=live,
            catalog=[each.key for each in mapped],
        )

    def _stops(self, key: str) -> bool:
        return any(each.level in _STOPPING for each in self.asked.get(key, ()))

    def _others(self, key: str) -> set[str]:
        return {*self.rules.get(key, ()), *(rule.id for rule in self.known.get(key, ()))}

    def _elsewhere(self, unasked: Sequence[str], here: Sequence[str]) -> list[str]:
        """Packs with rules for what these leave open, and whether there are rules for it that no pack has."""
        in_packs = [rule for key in unasked for rule in self.known.get(key, ())]
        names = dict.fromkeys(name for rule in in_packs for name in rule.packs if name not in here)
        found = [f"another pack: {name}" for name in names]
        if any(key in self.rules and key not in self.known for key in unasked):
            found.append("rules in no pack")
        return found


def _status(*, found: bool, all_stop: bool, by: Sequence[str]) -> Status:
    if found:
        return "enforced" if all_stop else "partly"
    return "elsewhere" if by else "not"


def _by_control(chosen: Sequence[Pack]) -> dict[str, list[AskedRule]]:
    """The rules that are asked, by key of the catalog's control."""
    given: dict[str, list[tuple[str, Active]]] = {}
    for pack in chosen:
        for active in pack.enabled():
            given.setdefault(active.rule.id, []).append((pack.name, active))
    found: dict[str, list[AskedRule]] = {}
    for identifier, actives in given.items():
        _, weightiest = min(actives, key=lambda each: each[1].level not in _STOPPING)
        for key in weightiest.rule.controls:
            found.setdefault(key, []).append(AskedRule(identifier, weightiest.level, [name for name, _ in actives]))
    return found


def _live(control: Control) -> LiveControl:
    return LiveControl(control.key, list(control.azure_policy))


def _exists(name: str) -> bool:
    return (packs.folder_of(name) / packs.PACK_FILE).is_file()
