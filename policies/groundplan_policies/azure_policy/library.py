# SPDX-License-Identifier: Apache-2.0
"""All policies of some files, put into force as their assignments say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from groundplan_policies.azure_policy.assigned import AssignedPolicy
from groundplan_policies.azure_policy.assignment import Assignment, Exemption, read_assignment, read_exemption
from groundplan_policies.azure_policy.definition import Definition, check_effect, read_definition
from groundplan_policies.azure_policy.errors import PolicyError, Problem, Problems, nearest
from groundplan_policies.azure_policy.initiative import Initiative, Member, read_initiative
from groundplan_policies.azure_policy.parameters import given
from groundplan_policies.azure_policy.reading import Document, read_files
from groundplan_policies.azure_policy.templates import constant
from groundplan_policies.expressions import ExpressionError

Named = TypeVar("Named", Definition, Initiative)


@dataclass(frozen=True)
class Library:
    """Policies in force.

    `unknown_aliases`: aliases that are not in the table of types, with the files and places that use them; conditions on them are not
    decided. `skipped`: files of folders that hold nothing of Azure Policy. `idle`: in words, what nobody assigns and what cannot be in
    force by itself, as it has parameters without a value.
    """

    definitions: tuple[Definition, ...]
    initiatives: tuple[Initiative, ...]
    assignments: tuple[Assignment, ...]
    exemptions: tuple[Exemption, ...]
    policies: tuple[AssignedPolicy, ...]
    unknown_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    skipped: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


def load(paths: Iterable[Path | str] | Path | str) -> Library:
    """The policies of files and folders. Raises `PolicyError` with everything that is wrong with them."""
    several = [paths] if isinstance(paths, (str, Path)) else paths
    found = read_files([Path(each) for each in several])
    made = _Making(list(found.problems))
    for document in found.documents:
        made.add(document)
    library = made.library(tuple(found.skipped))
    if made.problems:
        raise PolicyError(made.problems)
    return library


class _Making:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self._definitions: list[Definition] = []
        self._initiatives: list[Initiative] = []
        self._assignments: list[Assignment] = []
        self._exemptions: list[Exemption] = []
        self._broken: set[str] = set()
        """Names of what could not be read, so that nobody is told that it is missing as well."""
        self._idle: list[str] = []
        self._unsure = False
        """Whether an initiative or an assignment could not be read, so that nobody knows what is assigned."""

    def add(self, document: Document) -> None:
        problems = Problems(document.file)
        match document.kind:
            case "definition":
                read: Any = read_definition(document.content, document.name, problems)
                into: list[Any] = self._definitions
            case "initiative":
                read, into = read_initiative(document.content, document.name, problems), self._initiatives
            case "assignment":
                read, into = read_assignment(document.content, document.name, problems), self._assignments
            case "exemption":
                read, into = read_exemption(document.content, document.name, problems), self._exemptions
        self.problems.extend(problems.found)
        if problems.found or read is None:
            self._broken.add(document.name.casefold())
            self._unsure |= document.kind in ("initiative", "assignment")
        else:
            into.append(read)

    def library(self, skipped: tuple[str, ...]) -> Library:
        self._check_doubles(self._definitions, "definition")
        self._check_doubles(self._initiatives, "initiative")
        assignments = [*self._assignments, *self._implied()]
        policies = [each for assignment in assignments for each in self._assigned(assignment)]
        return Library(
            definitions=tuple(self._definitions),
            initiatives=tuple(self._initiatives),
            assignments=tuple(assignments),
            exemptions=tuple(self._exemptions),
            policies=tuple(policies),
            unknown_aliases=_unknown_aliases(self._definitions),
            skipped=skipped,
            idle=tuple(self._idle),
        )

    def _check_doubles(self, rows: Sequence[Definition] | Sequence[Initiative], kind: str) -> None:
        seen: dict[tuple[str, str], str] = {}
        for each in rows:
            key = ((each.id or each.name).casefold(), each.version)
            if key in seen and each.file != seen[key]:
                says = f"the {kind} {each.id or each.name} is in {seen[key]} too; one of the two has to go"
                self.problems.append(Problem("", says, each.file))
            seen.setdefault(key, each.file)

    def _implied(self) -> list[Assignment]:
        """Assignments of what nobody assigned: initiatives, and definitions that are in none."""
        if self._unsure:
            return []
        wanted = {_tail(each.definition) for each in self._assignments}
        members = {_tail(member.definition) for each in self._initiatives for member in each.members}
        sets = [each for each in self._initiatives if each.name.casefold() not in wanted]
        alone = [each for each in self._definitions if each.name.casefold() not in wanted | members]
        newest: dict[str, Definition] = {}
        for each in alone:
            other = newest.get(each.name.casefold())
            if other is None or _version_key(other) < _version_key(each):
                newest[each.name.casefold()] = each
        return [
            Assignment(
                name=each.name, display_name=each.title, definition=each.id or each.name, file=each.file, implied=True
            )
            for each in (*sets, *newest.values())
            if self._stands_alone(each)
        ]

    def _stands_alone(self, row: Definition | Initiative) -> bool:
        missing = [repr(each.name) for each in row.parameters.values() if each.required]
        if missing:
            says = f"nobody assigns it, and these parameters have no default: {', '.join(missing)}"
            self._idle.append(f"{row.title!r} of {row.file} is not in force: {says}")
        return not missing

    def _assigned(self, assignment: Assignment) -> list[AssignedPolicy]:
        problems = Problems(assignment.file)
        initiative = self._find(self._initiatives, assignment.definition, assignment.version, problems, quiet=True)
        if initiative is not None:
            found = self._of_initiative(initiative, assignment, problems)
        else:
            definition = self._find(
                self._definitions, assignment.definition, assignment.version, problems, "policyDefinitionId"
            )
            found = [] if definition is None else [self._policy(definition, assignment, problems)]
        self.problems.extend(problems.found)
        return [each for each in found if each is not None]

    def _of_initiative(
        self, initiative: Initiative, assignment: Assignment, problems: Problems
    ) -> list[AssignedPolicy | None]:
        values = given(
            initiative.parameters, assignment.parameters, "parameters", problems, f"the initiative {initiative.title!r}"
        )
        if problems.found:
            return []
        inner = Problems(initiative.file)
        found: list[AssignedPolicy | None] = []
        for member in initiative.members:
            definition = self._find(
                self._definitions, member.definition, member.version, inner, f"{member.at}.policyDefinitionId"
            )
            if definition is not None:
                found.append(self._member(definition, initiative, member, assignment, values, inner))
        known = set(self.problems)
        problems.found.extend(each for each in inner.found if each not in known)
        return found

    def _member(
        self,
        definition: Definition,
        initiative: Initiative,
        member: Member,
        assignment: Assignment,
        values: Mapping[str, Any],
        problems: Problems,
    ) -> AssignedPolicy | None:
        passed: dict[str, Any] = {}
        for name, template in member.parameters.items():
            try:
                passed[name] = constant(template, values)
            except ExpressionError as error:
                problems.add(f"{member.at}.parameters.{name}.value", str(error))
        if len(passed) < len(member.parameters):
            return None
        return self._policy(definition, assignment, problems, passed, initiative, member)

    def _policy(
        self,
        definition: Definition,
        assignment: Assignment,
        problems: Problems,
        passed: Mapping[str, Any] | None = None,
        initiative: Initiative | None = None,
        member: Member | None = None,
    ) -> AssignedPolicy | None:
        at = "parameters" if member is None else f"{member.at}.parameters"
        before = len(problems.found)
        values = assignment.parameters if passed is None else passed
        parameters = given(definition.parameters, values, at, problems, f"the policy {definition.title!r}")
        if len(problems.found) > before:
            return None
        effect = self._effect(definition, parameters, at, problems)
        reference = "" if member is None else member.reference
        found = AssignedPolicy(
            definition=definition,
            assignment=assignment,
            initiative=initiative,
            reference=reference,
            groups=() if member is None else member.groups,
            parameters=parameters,
            effect=effect,
            exemptions=tuple(each for each in self._exemptions if _exempts(each, assignment, reference)),
        )
        for each in set(found.effects) - {effect}:
            lacks = definition.details.lacks(each)
            if lacks:
                says = f"an override makes the effect of {definition.title!r} {each}, which needs {lacks} in policyRule.then"
                problems.add("overrides", says)
        return found

    def _effect(self, definition: Definition, parameters: Mapping[str, Any], at: str, problems: Problems) -> str:
        try:
            value = constant(definition.effect, parameters)
        except ExpressionError as error:
            problems.add(at, f"the effect of the policy {definition.title!r} can not be told: {error}")
            return ""
        return check_effect(value, definition.details, at, problems, of_provider=definition.of_provider)

    def _find(
        self,
        rows: Sequence[Named],
        wanted: str,
        version: str,
        problems: Problems,
        at: str = "",
        *,
        quiet: bool = False,
    ) -> Named | None:
        """What an id or a name means, in the version that is wanted."""
        exact = [each for each in rows if each.id and each.id.casefold() == wanted.casefold()]
        named = exact or [each for each in rows if each.name.casefold() == _tail(wanted)]
        fitting = [each for each in named if _is_version(each.version, version)]
        if fitting:
            return max(fitting, key=_version_key)
        if quiet or _tail(wanted) in self._broken:
            return None
        if named:
            there = ", ".join(each.version or "one without a version" for each in named)
            problems.add(at, f"is {wanted!r} in version {version}; loaded is {there}")
        else:
            names = [each.name for each in rows]
            problems.add(at, f"is {wanted!r}, which is not among the loaded files{nearest(_tail(wanted), names)}")
        return None


def _tail(identifier: str) -> str:
    return identifier.rstrip("/").rsplit("/", 1)[-1].casefold()


def _version_key(row: Definition | Initiative) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", row.version))


def _is_version(version: str, wanted: str) -> bool:
    """Whether a version is one that is wanted: `1.*.*` takes every `1.2.3`."""
    if not wanted or not version:
        return True
    have, want = (re.match(r"[\d.*]+", each) for each in (version, wanted))
    pairs = zip(have[0].split(".") if have else (), want[0].split(".") if want else (), strict=False)
    return all(asked in ("*", there) for there, asked in pairs)


def _exempts(exemption: Exemption, assignment: Assignment, reference: str) -> bool:
    wanted, own = exemption.assignment, assignment.id
    if "/" in wanted and "/" in own:  # a name is unique in its scope alone
        if wanted.rstrip("/").casefold() != own.rstrip("/").casefold():
            return False
    elif _tail(wanted) not in (assignment.name.casefold(), _tail(own)):
        return False
    references = {each.casefold() for each in exemption.references}
    return not references or reference.casefold() in references


def _unknown_aliases(definitions: Iterable[Definition]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for each in definitions:
        for at, alias in each.aliases:
            if alias.path is None:
                found.setdefault(alias.name, []).append(f"{each.file}: {at}")
    return {name: tuple(places) for name, places in sorted(found.items())}
