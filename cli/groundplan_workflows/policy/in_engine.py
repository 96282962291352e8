# SPDX-License-Identifier: Apache-2.0
"""Packs in the engine: which ones a run has, what they leave behind, and where the program declares what they found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan_policies import record
from groundplan_policies.engine.serve import CONFIGURATION
from groundplan_workflows.policy.report import Place

if TYPE_CHECKING:
    from groundplan_workflows.project import Stack

RECORD = "GROUNDPLAN_POLICY_RECORD"
TELL_ONLY = "GROUNDPLAN_POLICY_TELL_ONLY"
_HERE = "project:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnginePacks:
    """Packs that the engine runs with every preview and update."""

    folders: Sequence[Path] = ()
    configuration: Path | None = None
    records: Path | None = None
    """Where packs leave what they saw and said, a folder a stack; nothing is left unless set, and then no violation stops a preview."""
    digests: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Pulumi's own account of a preview, by stack."""

    def variables(self, stack: Stack) -> dict[str, str]:
        """What the packs' processes read."""
        found = {CONFIGURATION: str(self.configuration or "")} if self.folders else {}
        if self.records is not None:
            found |= {RECORD: str(self.records / stack.slug), TELL_ONLY: "1"}
        return found

    def take(self, stack: Stack, line: str) -> None:
        """A line of Pulumi's account of a preview."""
        self.digests.setdefault(stack.name, []).append(line)

    def recorded(self, stack: Stack) -> dict[str, record.Record]:
        """What the packs recorded of a stack, by pack, with the places in the program."""
        folder = (self.records or Path()) / stack.slug
        digest = "\n".join(self.digests.get(stack.name, ()))
        places = declared(json.loads(digest)) if digest.strip().startswith("{") else {}
        return {path.stem: replace(record.read(path), places=places) for path in sorted(folder.glob("*.json"))}


def declared(digest: Mapping[str, Any]) -> dict[str, str]:
    """Where the program declares each resource and component, by URN: `__main__.py#12`.

    The engine knows the calls that led to a resource, the innermost first. The first of them that lies in the program's own
    folder is the line that its author can change, also where a component made the resource.
    """
    found: dict[str, str] = {}
    for step in digest.get("steps") or ():
        state = step.get("newState") or {}
        frames = [state.get("sourcePosition"), *(each.get("sourcePosition") for each in state.get("stackTrace") or ())]
        own = next((each for each in frames if each and _is_own(each)), None)
        if own and "urn" in step:
            found[step["urn"]] = own.removeprefix(_HERE)
    return found


def places(folder: Path, positions: Mapping[str, str]) -> dict[str, Place]:
    """The lines of files that recorded positions are about."""
    found: dict[str, Place] = {}
    for urn, position in positions.items():
        file, _, rest = position.partition("#")
        line, _, column = rest.partition(",")
        if line.isdigit():
            found[urn] = Place(folder / file, int(line), int(column) if column.isdigit() else 1)
    return found


def _is_own(position: str) -> bool:
    path = position.removeprefix(_HERE)
    inside = position.startswith(_HERE) and not path.startswith("../")
    return inside and "site-packages/" not in path and not path.startswith((".venv/", "venv/"))
