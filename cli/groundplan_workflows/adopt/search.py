# SPDX-License-Identifier: Apache-2.0
"""Looks for what exists, round by round: what is imported lets the program name more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import groundplan_arm
from groundplan_workflows.adopt import engine, leftover, naming, plan, waves
from groundplan_workflows.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.session import Session

_ROUNDS = 40
"""A name may be made of another resource's outputs, and so on; no program of ours is half as deep."""


@dataclass(slots=True, kw_only=True)
class Search:
    """On a copy of a stack's state."""

    arm: Arm
    group: str
    opened: Session
    folder: Path
    """For a file that the engine writes."""
    progress: Callable[[str], None]
    chosen: dict[str, Declared] = field(default_factory=dict)
    """What to import, by URN, with what the program says of it now."""
    told: dict[str, Sequence[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Names for the stack's configuration."""
    _looked: dict[str, str] = field(default_factory=dict)
    _tried: set[str] = field(default_factory=set)
    _rounds: int = 0

    def everything(self) -> tuple[Sequence[Declared], Sequence[Declared]]:
        """Until nothing more is found: what the program declares, and what of its creations exists outside of the group."""
        while True:
            declared, there = self._without_new_names()
            if not self._rename(declared):
                return declared, there

    def within(self, each: Declared) -> bool:
        """Whether it is the group, or lies in it."""
        return f"{each.identifier}/".lower().startswith(f"{self.arm.group(self.group)}/".lower())

    def _without_new_names(self) -> tuple[Sequence[Declared], Sequence[Declared]]:
        settled = False
        while True:
            declared = self._preview()
            # what was not known when they were imported may be known now
            for each in declared:
                if each.urn in self.chosen:
                    self.chosen[each.urn] = replace(each, identifier=self.chosen[each.urn].identifier)
            there = list(self._there(declared))
            fresh = [each for each in there if self.within(each)]
            if fresh:
                self.progress(f"found {', '.join(each.name for each in fresh)}")
                these = waves.with_components(fresh, declared)
                engine.take(self.opened, these, {})
                self.chosen |= {each.urn: each for each in these}
                settled = False
            elif not settled and any(each.changes for each in self.chosen.values()):
                only = {each.urn: engine.only_declared(each) for each in self.chosen.values()}
                self.told |= {urn: paths for urn, paths in only.items() if paths}
                engine.settle(self.opened, self.chosen, self.told)
                settled = True
            else:
                return declared, there

    def _preview(self) -> list[Declared]:
        self._rounds += 1
        if self._rounds > _ROUNDS:
            raise DeploymentError(
                f"after {_ROUNDS} rounds the program of {self.opened.stack.name} still names new resources; "
                "nothing was imported"
            )
        return plan.preview(self.opened, self.arm.subscription, self.folder / "skeleton.json")

    def _there(self, declared: Sequence[Declared]) -> Iterator[Declared]:
        """Of what the program would create, what exists, with its id as Azure writes it."""
        for each in declared:
            if each.azure and each.custom and each.planned and each.identifier:
                key = each.identifier.lower()
                if key not in self._looked:
                    version = groundplan_arm.load().by_token(each.type).api_version
                    answer = self.arm.get(each.identifier, version)
                    written = str((answer or {}).get("id") or each.identifier)
                    same = written if written.lower() == key else each.identifier
                    self._looked[key] = "" if answer is None else same
                if self._looked[key]:
                    yield replace(each, identifier=self._looked[key])

    def _rename(self, declared: Sequence[Declared]) -> bool:
        """Give declared resources the names of live ones through the configuration; whether one took its name."""
        for live, each in leftover.pairs(self.arm, self.group, declared):
            for key in naming.keys(each):
                if key not in self.names and f"{key} {live}" not in self._tried:
                    self._tried.add(f"{key} {live}")
                    if self._takes(key, live):
                        # others may have got their name with it: they are looked at anew
                        return True
        return False

    def _takes(self, key: str, live: str) -> bool:
        """Try a name: the program must run with it, and name the live resource."""
        names = self.names | {key: live.rpartition("/")[2]}
        before = naming.put(self.opened, names)
        try:
            declared = self._preview()
        except DeploymentError:
            declared = []
        wanted = live.lower()
        if any(each.azure and each.identifier.lower() == wanted for each in declared):
            self.names = names
            self.progress(f"named {key}: {names[key]}")
            return True
        naming.back(self.opened, before)
        return False
