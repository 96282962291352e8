# SPDX-License-Identifier: Apache-2.0
"""Looks for what exists, round by round: what is imported lets the program name more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import groundplan_arm
from groundplan_workflows.adopt import alike, engine, naming, plan, settle, waves
from groundplan_workflows.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groundplan_workflows.adopt.arm import Arm
    from groundplan_workflows.adopt.leftover import Leftover
    from groundplan_workflows.adopt.plan import Declared
    from groundplan_workflows.adopt.scratch import Trial

_ROUNDS = 40
"""A name may be made of another resource's outputs, and so on; no program of ours is half as deep."""


@dataclass(slots=True, kw_only=True)
class Search:
    """On a copy of a stack's state."""

    arm: Arm
    group: str
    trial: Trial
    leftover: Leftover
    progress: Callable[[str], None]
    chosen: dict[str, Declared] = field(default_factory=dict)
    """What to import, by URN, with what the program says of it now."""
    told: dict[str, Sequence[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Names for the stack's configuration."""
    elsewhere: dict[str, str] = field(default_factory=dict)
    """By URN why something that exists is not imported."""
    _unfinished: dict[str, Declared] = field(default_factory=dict)
    """What an import file brought into the state before, and no update has looked at since."""
    _settled: set[str] = field(default_factory=set)
    _looked: dict[str, str] = field(default_factory=dict)
    _tried: set[str] = field(default_factory=set)
    _rounds: int = 0

    def everything(self) -> Sequence[Declared]:
        """Until nothing more is found: what the program declares, after all that could be imported is."""
        declared = self._preview()
        while True:
            declared = self._without_new_names(declared)
            renamed = self._rename(declared)
            if renamed is None:
                return declared
            # others may have got their name with it: they are looked at anew
            declared = renamed

    def _without_new_names(self, declared: Sequence[Declared]) -> Sequence[Declared]:
        settled = False
        while True:
            self._note(declared)
            fresh = self._fresh(declared)
            imports = waves.with_components(fresh, declared)
            if imports or self._ours:
                imports += waves.bare_components(declared, imports)
            differ = any(each.changes for each in self._ours.values())
            if not imports and (settled or not differ):
                return declared
            settled = not imports
            if imports:
                self.progress(f"found {', '.join(each.name for each in fresh or imports)}")
                engine.take(self.trial, imports)
                self.chosen |= {each.urn: each for each in imports}
            changed = settle.settle(self.trial, self._ours, self.told)
            self._settled |= changed
            if imports or changed:
                declared = self._preview()

    @property
    def resumed(self) -> list[Declared]:
        """What an earlier import had left unfinished and this one changes in the state."""
        return [each for urn, each in self._unfinished.items() if urn in self._settled]

    @property
    def _ours(self) -> dict[str, Declared]:
        """What imports brought into the state: its inputs are to be those of the program."""
        return self.chosen | self._unfinished

    def _preview(self) -> Sequence[Declared]:
        self._rounds += 1
        if self._rounds > _ROUNDS:
            raise DeploymentError(
                f"after {_ROUNDS} rounds the program of {self.trial.opened.stack.name} still names new resources; "
                "nothing was imported"
            )
        return plan.preview(self.trial.opened, self.arm.subscription, self.trial.folder / "skeleton.json")

    def _note(self, declared: Sequence[Declared]) -> None:
        """What was not known when it was imported may be known now; what an unfinished import left is ours to finish."""
        unfinished = {each["urn"] for each in self.trial.resources() if not _registered(each)}
        for each in declared:
            if each.urn in self.chosen:
                self.chosen[each.urn] = replace(each, identifier=self.chosen[each.urn].identifier)
            elif each.urn in self._unfinished or (each.urn in unfinished and each.changes):
                self._unfinished[each.urn] = each
        for urn, each in self._ours.items():
            self.told[urn] = list(dict.fromkeys([*self.told.get(urn, ()), *settle.only_declared(each)]))

    def _fresh(self, declared: Sequence[Declared]) -> list[Declared]:
        """Of what the program would create, what exists and is to be imported, with its id as Azure writes it."""
        asked = [each for each in declared if each.azure and each.custom and each.planned and each.identifier]
        unknown = list(
            {each.identifier.lower(): each for each in asked if self._key(each) not in self._looked}.values()
        )
        self._looked |= dict(zip(map(self._key, unknown), self.arm.each(self._look, unknown), strict=True))
        in_state = {str(each.get("id", "")).lower(): str(each["urn"]) for each in self.trial.resources()}
        kept = [each for each in declared if each.identifier and each.operation != "delete"]
        declared_ids = {each.identifier.lower(): each.urn for each in kept}
        found: list[Declared] = []
        for each in asked:
            live = self._looked[self._key(each)]
            if not live or declared_ids.setdefault(live.lower(), each.urn) != each.urn:
                continue
            there = replace(each, identifier=live)
            if why := self._why_not(there, in_state):
                self.elsewhere[each.urn] = why
                continue
            found.append(there)
            if live.lower() != each.identifier.lower():
                kind = groundplan_arm.load().by_token(each.type)
                self.told[each.urn] = [kind.name_param] if kind.name_param else []
        return found

    @staticmethod
    def _key(each: Declared) -> str:
        return each.identifier.lower()

    def _look(self, each: Declared) -> str:
        """The id of what exists; empty for nothing."""
        version = groundplan_arm.load().by_token(each.type).api_version
        answer = self.arm.get(each.identifier, version)
        if answer is None:
            return alike.find(self.arm, each)
        written = str(answer.get("id") or each.identifier)
        return written if written.lower() == each.identifier.lower() else each.identifier

    def _why_not(self, each: Declared, in_state: dict[str, str]) -> str:
        """Why something that exists is not imported; empty where it is."""
        key = each.identifier.lower()
        if holder := self.trial.elsewhere.get(key):
            return f"stack {holder} has it: two stacks must not own one resource"
        if key in in_state:
            urn = in_state[key]
            return f"the state has it as {urn}; forget that first: pulumi state delete '{urn}'"
        # what is attached to another resource, or is in no group, belongs to whoever declares it
        attached = groundplan_arm.load().by_token(each.type).scope == "extension"
        if attached or "/resourcegroups/" not in key or f"{key}/".startswith(f"{self.arm.group(self.group)}/".lower()):
            return ""
        group = each.identifier.split("/")[4]
        return f"exists outside of the group; import it with --resource-group {group}"

    def _rename(self, declared: Sequence[Declared]) -> Sequence[Declared] | None:
        """Give a declared resource the name of a live one through the configuration; what is declared then, None without one."""
        for live, each in self.leftover.pairs(declared):
            for key in naming.keys(each):
                if key not in self.names and f"{key} {live}" not in self._tried:
                    self._tried.add(f"{key} {live}")
                    taken = self._takes(key, live)
                    if taken is not None:
                        return taken
        return None

    def _takes(self, key: str, live: str) -> Sequence[Declared] | None:
        """Try a name: the program must run with it, and name the live resource."""
        names = self.names | {key: live.rpartition("/")[2]}
        before = naming.put(self.trial.opened, names)
        try:
            declared = self._preview()
        except DeploymentError:
            declared = []
        wanted = live.lower()
        if any(each.azure and each.identifier.lower() == wanted for each in declared):
            self.names = names
            self.progress(f"named {key}: {names[key]}")
            return declared
        naming.back(self.trial.opened, before)
        return None


def _registered(resource: dict[str, Any]) -> bool:
    """Whether a program has declared a resource of the state to the engine: it notes what each property was made of, and where."""
    return "propertyDependencies" in resource or "sourcePosition" in resource
