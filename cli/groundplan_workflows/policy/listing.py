# SPDX-License-Identifier: Apache-2.0
"""Which rules there are, and what is to know of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groundplan_policies import catalog, controls, packs
from groundplan_policies.rule import Entry
from groundplan_workflows.errors import UsageError
from groundplan_workflows.policy.chosen import usage_errors

if TYPE_CHECKING:
    from pathlib import Path

    from groundplan_policies.catalog import Catalog
    from groundplan_policies.rule import Rule


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule with its levels by pack."""

    rule: Rule
    area: str
    levels: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        rule = self.rule
        return {
            "id": rule.id,
            "slug": rule.slug,
            "title": rule.title,
            "severity": rule.severity,
            "area": self.area,
            "types": list(rule.types),
            "controls": list(rule.controls),
            "levels": self.levels,
        }


@dataclass(frozen=True, slots=True)
class Described:
    """One rule."""

    page: str
    data: dict[str, Any]


def rules(names: Sequence[str], area: str | None) -> list[Listed]:
    """All rules with their levels in Groundplan's packs, or those of some packs. UsageError for an unknown pack or area."""
    levels = _levels(names or [name for name in packs.NAMES if _exists(name)])
    found = [Listed(each.rule, each.area, levels.get(each.rule.id, {})) for each in entries(names)]
    if area is not None:
        areas = sorted({each.area for each in found})
        if area not in areas:
            raise UsageError(f"there is no area {area!r}; known: {', '.join(areas)}")
        found = [each for each in found if each.area == area]
    return found


def entries(names: Sequence[str]) -> list[Entry]:
    """Rules with their cases: all of Groundplan's, or those of some packs. UsageError."""
    with usage_errors():
        if not names:
            return list(catalog.load().entries.values())
        found: dict[str, Entry] = {}
        for name in names:
            folder = packs.folder_of(name)
            own = catalog.load_folder(folder / "rules") if (folder / "rules").is_dir() else None
            for active in packs.load(folder).active:
                found.setdefault(active.rule.id, _entry(active.rule, own, folder))
    return list(found.values())


def _entry(rule: Rule, own: Catalog | None, folder: Path) -> Entry:
    """The rule with its cases; one made from Azure Policy has none."""
    for each in (own, catalog.load()):
        if each is not None and rule.id in each.entries:
            return each.entries[rule.id]
    return Entry(rule, "azure_policy", str(folder / packs.PACK_FILE), {}, {}, {})


def find(name: str, names: Sequence[str]) -> Described:
    """One rule by id or slug, of Groundplan's or of some packs. UsageError with the nearest name."""
    from groundplan_workflows.policy import pages

    with usage_errors():
        entry = next(
            (each for each in entries(names) if name.casefold() in (each.rule.id.casefold(), each.rule.slug)), None
        )
        entry = entry or catalog.load().get(name)
    rule = entry.rule
    known = controls.load()
    data = Listed(
        rule, entry.area, _levels([*names] or [each for each in packs.NAMES if _exists(each)]).get(rule.id, {})
    ).as_dict()
    data |= {
        "rationale": rule.rationale,
        "remediation": rule.remediation,
        "absent": rule.absent,
        "unknown": rule.unknown,
        "parameters": [
            {"name": each.name, "default": each.default, "description": each.description, "schema": dict(each.schema)}
            for each in rule.parameters
        ],
        "sources": [said for key in rule.controls if key in known for said in known[key].sources()],
        "file": entry.file,
    }
    return Described(pages.page(entry), data)


def _levels(names: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with usage_errors():
        for name in names:
            pack = packs.load(packs.folder_of(name))
            for active in pack.active:
                found.setdefault(active.rule.id, {})[pack.name] = active.level
    return found


def _exists(name: str) -> bool:
    return (packs.folder_of(name) / packs.PACK_FILE).is_file()
