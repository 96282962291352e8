# SPDX-License-Identifier: Apache-2.0
"""The stacks of a platform: its programs, once or in several instances, and which needs which."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from groundplan_workflows import programs as program_files
from groundplan_workflows.platform_file import StackEntry
from groundplan_workflows.project import Stack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groundplan_workflows.errors import UsageError
    from groundplan_workflows.platform_file import PlatformFile
    from groundplan_workflows.programs import Program


def expand(file: PlatformFile, programs: dict[str, Program]) -> list[Stack]:
    """The stacks that `groundplan.yaml` asks for; UsageError for a folder or need that does not exist, or a shared state."""
    for folder in file.platform.stacks:
        if folder not in programs:
            raise _unknown(file, ["stacks", folder], folder, programs, key=True)
    platform = _Platform(file, {name: programs[name] for name in programs if name in file.platform.stacks})
    stacks = [platform.stack(folder, instance) for folder in file.platform.stacks for instance in platform.of(folder)]
    _check_states(file, stacks)
    return stacks


@dataclass(frozen=True, slots=True)
class _Platform:
    file: PlatformFile
    programs: dict[str, Program]
    """Those that the file names."""

    def entry(self, folder: str) -> StackEntry:
        return self.file.platform.stacks[folder] or StackEntry()

    def of(self, folder: str) -> tuple[str, ...]:
        """Its instances; one without a name where none are listed."""
        return tuple(self.entry(folder).instances or ("",))

    def stack(self, folder: str, instance: str) -> Stack:
        states = {
            name: state for name, state in self.file.platform.states().items() if self.file.platform.has(name, folder)
        }
        return Stack(self.programs[folder], self._needs(folder, instance), instance, states)

    def _needs(self, folder: str, instance: str) -> tuple[str, ...]:
        """As the instance says, or its stack, or its Pulumi.yaml, or all of lower levels."""
        entry = self.entry(folder)
        own = (entry.instances or {}).get(instance)
        path: list[str | int] = ["stacks", folder, "needs"]
        declared = entry.needs
        if own is not None and own.needs is not None:
            path = ["stacks", folder, "instances", instance, "needs"]
            declared = own.needs
        if declared is None:
            wanted: Iterable[str] = program_files.required(folder, self.programs)
            return tuple(name for other in wanted for name in self._beside(other, instance))
        found = [name for index, need in enumerate(declared) for name in self._resolve([*path, index], need, instance)]
        return tuple(dict.fromkeys(found))

    def _beside(self, folder: str, instance: str) -> tuple[str, ...]:
        """What an instance needs of another stack: its namesake if there is one, otherwise everything."""
        known = self.of(folder)
        return tuple(_name(folder, each) for each in ((instance,) if instance in known else known))

    def _resolve(self, path: list[str | int], need: str, instance: str) -> tuple[str, ...]:
        word, _, chosen = need.partition("/")
        folder = program_files.by_any_name(self.programs).get(word)
        every = [_name(folder, each) for folder in self.programs for each in self.of(folder)]
        if folder is None or (chosen and chosen not in self.of(folder)):
            raise _unknown(self.file, path, need, every)
        return (_name(folder, chosen),) if chosen else self._beside(folder, instance)


def _name(folder: str, instance: str) -> str:
    return f"{folder}/{instance}" if instance else folder


def _unknown(
    file: PlatformFile, path: list[str | int], given: str, known: Iterable[str], *, key: bool = False
) -> UsageError:
    known = list(known)
    near = get_close_matches(given, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    folder = file.located.path.parent / program_files.STACKS
    name = ".".join(str(part) for part in path if not isinstance(part, int))
    return file.fail(path, f"{name} names an unknown stack {given!r}; {hint}{folder} has: {', '.join(known)}", key=key)


def _check_states(file: PlatformFile, stacks: list[Stack]) -> None:
    """Two stacks of one Pulumi project and one name would overwrite each other."""
    owners: dict[tuple[str, str], str] = {}
    for stack in stacks:
        owner = owners.setdefault((stack.project, stack.instance), stack.name)
        if owner != stack.name:
            raise file.fail(
                ["stacks", stack.program.name],
                f"stacks {owner!r} and {stack.name!r} share their state: both are the Pulumi project {stack.project!r}"
                + (f", instance {stack.instance!r}" if stack.instance else "")
                + f"; give {stack.program.file} another 'name', or make them instances of one stack",
                key=True,
            )
