# SPDX-License-Identifier: Apache-2.0
"""Evaluates policies in force over the resources of a stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from groundplan_policies.azure_policy.answer import Answer, Evidence, Failure
from groundplan_policies.azure_policy.applicability import applies, indexed, looked_at, provider_concerns
from groundplan_policies.azure_policy.assigned import AssignedPolicy
from groundplan_policies.azure_policy.assignment import Assignment
from groundplan_policies.azure_policy.changes import Change, changes, impossible
from groundplan_policies.azure_policy.conditions import answer
from groundplan_policies.azure_policy.definition import Definition
from groundplan_policies.azure_policy.effects import IF_NOT_EXISTS, NOT_DECIDED
from groundplan_policies.azure_policy.existence import exists
from groundplan_policies.azure_policy.library import Library
from groundplan_policies.azure_policy.scopes import covers, lies_in
from groundplan_policies.azure_policy.selectors import selects
from groundplan_policies.azure_policy.situation import Situation
from groundplan_policies.azure_policy.syntax import Node
from groundplan_policies.azure_policy.templates import value_of
from groundplan_policies.resource import Resource
from groundplan_policies.stack import Stack

State = Literal["compliant", "non_compliant", "not_applicable", "undecided"]
_ENVELOPE = frozenset({"type", "name", "kind", ""})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy of one assignment makes of one resource.

    `effect`: the effect in force, '' where it is not known. `message`: what the assignment says of a violation, otherwise the policy's
    name with the reasons. `path`: where in the resource's body the reason lies, '' for all of it. `reference`: what the initiative
    calls the policy. `secret`: undecided because a value is secret. `changes`: what Modify or Append would do.
    """

    policy: Definition
    assignment: Assignment
    resource: Resource
    state: State
    effect: str
    message: str
    reasons: tuple[str, ...] = ()
    path: str = ""
    reference: str = ""
    secret: bool = False
    changes: tuple[Change, ...] = ()


def evaluate(library: Library, stack: Stack, now: datetime | None = None) -> list[Outcome]:
    """What every policy in force makes of every resource of a stack. `now` is for `utcNow()` and the end of exemptions."""
    moment = datetime.now(UTC) if now is None else now
    found = [outcome(policy, each, stack, moment) for each in stack.resources for policy in library.policies]
    return _with_conflicts(library.policies, found)


def outcome(policy: AssignedPolicy, resource: Resource, stack: Stack, now: datetime) -> Outcome:
    """What one policy makes of one resource; conflicts with others left out."""
    effect = policy.effect_on(resource)
    found = _Asking(policy, resource, stack, now, effect or "")
    if effect is None:
        return found.undecided(
            _other("which effect it has depends on the location, which is not known before the update")
        )
    return found.outcome()


def _other(says: str) -> tuple[Evidence, ...]:
    return (Evidence("", says, "other"),)


class _Asking:
    """One policy and one resource."""

    def __init__(self, policy: AssignedPolicy, resource: Resource, stack: Stack, now: datetime, effect: str) -> None:
        self._policy = policy
        self._resource = resource
        self._stack = stack
        self._now = now
        self._effect = effect
        self._notes: list[str] = []

    def outcome(self) -> Outcome:
        """The answer: whether it is in play at all, then what its rule says."""
        excluded = self._excluded()
        if excluded:
            return self._make("not_applicable", (excluded,))
        scoped = self._scoped()
        if scoped is False:
            return self._make("not_applicable", ("it lies outside of the assignment's scope",))
        found = self._exempted() or self._ruled()
        if scoped is None and found.state == "non_compliant":
            says = "whether it lies in the assignment's scope, or is exempt, is not known before the update"
            return self.undecided((*_other(says), *(Evidence("", each, "other") for each in found.reasons)))
        return found

    def _excluded(self) -> str:
        """Why the policy is out of play whatever the resource's body says; '' where it is not."""
        definition = self._policy.definition
        if self._effect == "Disabled":
            return "the effect is Disabled"
        if definition.of_provider:
            if not provider_concerns(definition.mode, self._resource):
                return f"mode {definition.mode} is about other resources"
        elif not looked_at(self._resource):
            return "Azure Policy does not evaluate this type"
        elif definition.mode == "Indexed" and indexed(self._resource) is False:
            return "mode Indexed leaves out types without tags and location, and resource groups"
        return ""

    def _scoped(self) -> bool | None:
        """Whether the assignment is for the resource."""
        assignment = self._policy.assignment
        inside = [lies_in(assignment.scope, self._resource, self._stack), selects(assignment.selectors, self._resource)]
        outside = [covers(each, self._resource, self._stack) for each in assignment.not_scopes]
        if False in inside or True in outside:
            return False
        return None if None in inside or None in outside else True

    def _exempted(self) -> Outcome | None:
        for each in self._policy.exemptions:
            there = covers(each.scope, self._resource, self._stack), selects(each.selectors, self._resource)
            if False in there:
                continue
            if each.expired(self._now):
                self._notes.append(f"the exemption {each.name!r} expired on {each.expires:%Y-%m-%d}")
            elif None in there:
                self._notes.append(f"whether the exemption {each.name!r} covers it is not known before the update")
                found = self._ruled()
                return self.undecided(_other(self._notes[-1])) if found.state == "non_compliant" else found
            else:
                until = f" until {each.expires:%Y-%m-%d}" if each.expires else ""
                return self._make("not_applicable", (f"exempt ({each.category.lower()}){until}: {each.name}",))
        return None

    def _ruled(self) -> Outcome:
        definition = self._policy.definition
        situation = Situation(self._resource, self._stack, self._policy.parameters, self._policy.policy, self._now)
        if definition.condition is None:
            says = f"mode {definition.mode} is evaluated by the resource provider, over data that is not in the program"
            return self.undecided(_other(says))
        try:
            return self._judged(definition.condition, situation)
        except Failure as failure:
            says = f"the evaluation fails, which Azure takes for a denial: {failure}"
            return self._make("non_compliant", (says,))

    def _judged(self, condition: Node, situation: Situation) -> Outcome:
        if self._effect not in IF_NOT_EXISTS:
            applicable = applies(condition, situation)
            if applicable.holds is False:
                return self._make("not_applicable", _told(applicable.evidence, every=True))
        else:
            applicable = Answer(True)
        found = answer(condition, situation)
        if found.holds is False:
            if applicable.holds is None:
                return self.undecided(applicable.evidence)
            state: State = "not_applicable" if self._effect in (*IF_NOT_EXISTS, *NOT_DECIDED) else "compliant"
            return self._make(state, _told(found.evidence))
        unsure = self._unsure()
        if found.holds is None or unsure:
            return self.undecided(found.evidence if found.holds is None else _other(unsure))
        return self._effective(found, situation)

    def _unsure(self) -> str:
        """Why the policy can not be decided for this resource though its rule can; '' where it can."""
        definition = self._policy.definition
        if definition.mode == "Indexed" and indexed(self._resource) is None:
            return "mode Indexed asks for types with tags and location; whether this one has them is not in the table of types"
        if self._effect in NOT_DECIDED:
            return f"the effect {self._effect} is not decided here: {NOT_DECIDED[self._effect]}"
        version = self._policy.other_version(self._resource)
        return f"the assignment wants version {version} of the policy here, which is not looked at" if version else ""

    def _effective(self, found: Answer, situation: Situation) -> Outcome:
        details = self._policy.definition.details
        if self._effect in IF_NOT_EXISTS and details.existence is not None:
            there = exists(details.existence, situation)
            if there.holds is None:
                return self.undecided(there.evidence)
            return self._make("compliant" if there.holds else "non_compliant", _told(there.evidence))
        path = next((each.path for each in found.evidence if each.path not in _ENVELOPE), "")
        if self._effect not in ("Modify", "Append"):
            return self._make("non_compliant", _told(found.evidence), path)
        if impossible(details.operations, situation):
            return self._make("not_applicable", ("it changes the identity, which is done for virtual machines only",))
        made = changes(details.operations, situation)
        reasons = (*_told(found.evidence), *(f"Azure {each.says}" for each in made))
        return replace(self._make("non_compliant", reasons, path), changes=tuple(made))

    def undecided(self, missing: tuple[Evidence, ...]) -> Outcome:
        """The answer where nobody can tell."""
        first = missing[0] if missing else Evidence("", "it depends on what is not known before the update")
        secret = bool(missing) and all(each.cause == "secret" for each in missing)
        reasons = tuple(dict.fromkeys(each.says for each in missing)) or (first.says,)
        return replace(self._make("undecided", reasons, first.path), secret=secret)

    def _make(self, state: State, reasons: tuple[str, ...], path: str = "") -> Outcome:
        policy = self._policy
        notes = list(self._notes)
        if state == "non_compliant" and not policy.assignment.enforced:
            notes.append(f"the assignment does not enforce it ({policy.assignment.enforcement})")
        said = tuple(dict.fromkeys([*reasons, *notes]))
        own = policy.assignment.message(policy.reference)
        plain = f"{policy.definition.title}: {'; '.join(said)}" if said else policy.definition.title
        return Outcome(
            policy=policy.definition,
            assignment=policy.assignment,
            resource=self._resource,
            state=state,
            effect=self._effect,
            message=own if own and state == "non_compliant" else plain,
            reasons=said,
            path=path,
            reference=policy.reference,
        )


def _told(evidence: Iterable[Evidence], *, every: bool = False) -> tuple[str, ...]:
    """Reasons in words; what type it is goes without saying where there are others."""
    found = list(evidence)
    others = [each for each in found if each.path not in ("type", "kind")]
    return tuple(dict.fromkeys(each.says for each in (found if every or not others else others)))


def _with_conflicts(policies: tuple[AssignedPolicy, ...], found: list[Outcome]) -> list[Outcome]:
    """The outcomes, with the conflicts among what several policies would set told."""
    by_key = {(id(each.definition), id(each.assignment), each.reference): each for each in policies}
    changing: dict[int, list[Outcome]] = {}
    for each in found:
        if each.effect == "Modify" and each.changes:
            changing.setdefault(id(each.resource), []).append(each)
    told: list[Outcome] = []
    for each in found:
        mine = changing.get(id(each.resource), [])
        clashes = list(_clashes(each, mine)) if any(each is other for other in mine) else []
        if clashes:
            policy = by_key[id(each.policy), id(each.assignment), each.reference]
            situation = Situation(each.resource, Stack(()), policy.parameters)
            effect = value_of(policy.definition.details.conflict, situation).value
            says = f"conflicts with {', '.join(clashes)}; its conflict effect is {effect}"
            told.append(replace(each, reasons=(*each.reasons, says)))
        else:
            told.append(each)
    return told


def _clashes(one: Outcome, all_: list[Outcome]) -> Iterator[str]:
    mine = {each.sets.casefold(): each.value for each in one.changes if each.sets}
    for other in all_:
        for each in other.changes if other is not one else ():
            if each.sets and each.sets.casefold() in mine and mine[each.sets.casefold()] != each.value:
                yield f"{other.policy.title!r}, which sets {each.sets} to {each.value!r}"
