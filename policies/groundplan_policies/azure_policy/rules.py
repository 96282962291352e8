# SPDX-License-Identifier: Apache-2.0
"""Policies in force as rules, so that packs, reports and engines treat them as any other."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from groundplan_policies import controls
from groundplan_policies.azure_policy.applicability import types_of
from groundplan_policies.azure_policy.assigned import AssignedPolicy
from groundplan_policies.azure_policy.definition import Definition
from groundplan_policies.azure_policy.evaluate import Outcome, outcome
from groundplan_policies.azure_policy.library import Library
from groundplan_policies.resource import Resource, Violation
from groundplan_policies.rule import SEVERITIES, Rule, Severity
from groundplan_policies.stack import Stack
from groundplan_policies.values import Undecided

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_SEVERITIES: dict[str, Severity] = {
    "Deny": "high",
    "DeployIfNotExists": "medium",
    "Modify": "medium",
    "Append": "medium",
    "Audit": "medium",
    "AuditIfNotExists": "medium",
}
_LONGEST = 72


class PolicyUndecided(Undecided):
    """A policy can not be decided, for a reason that it tells."""

    def __init__(self, found: Outcome) -> None:
        super().__init__(found.path, "secret" if found.secret else "unknown")
        self.args = ("; ".join(found.reasons),)


def rules(library: Library, now: datetime | None = None) -> list[Rule]:
    """One rule for each policy in force that has any effect. `now` is for `utcNow()` and the end of exemptions."""
    live = [each for each in library.policies if set(each.effects) - {"Disabled"}]
    ids = Counter(_id(each.definition) for each in live)
    slugs = Counter(_slug(each.definition) for each in live)
    moment = datetime.now(UTC) if now is None else now
    return [
        rule
        for each in live
        for rule in _parted(each, moment, ids[_id(each.definition)] > 1 or slugs[_slug(each.definition)] > 1)
    ]


def _parted(policy: AssignedPolicy, now: datetime, shared: bool) -> list[Rule]:
    """A rule, or two where overrides make the effect Deny for some resources alone: a level is that of a rule."""
    others = frozenset(policy.effects) - {"Deny", "Disabled"}
    if "Deny" not in policy.effects or not others or not policy.assignment.enforced:
        return [_rule(policy, now, shared=shared)]
    denying = _rule(policy, now, shared=shared, effects=frozenset({"Deny", ""}))
    telling = _rule(policy, now, shared=shared, effects=others)
    suffix = "-".join(sorted(others))
    return [denying, replace(telling, id=f"{telling.id}-{suffix.upper()}", slug=f"{telling.slug}-{suffix.lower()}")]


def _id(definition: Definition) -> str:
    if _GUID.fullmatch(definition.name):
        return f"AZ-{definition.name[:8].upper()}"
    return f"AZ-{_digest(definition.id or definition.name)[:8].upper()}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.casefold().encode()).hexdigest()


def _slug(definition: Definition) -> str:
    words = re.findall(r"[a-z0-9]+", definition.title.casefold())
    while len(words) > 1 and len("-".join(words)) > _LONGEST:
        words.pop()
    text = "-".join(words)[:_LONGEST]
    return text if text[:1].isalpha() else f"policy-{text}".rstrip("-")


def _rule(policy: AssignedPolicy, now: datetime, *, shared: bool, effects: frozenset[str] | None = None) -> Rule:
    """`effects`: those that it is about, '' being one that nobody knows yet; all where they are not named."""
    definition = policy.definition
    identifier, slug = _id(definition), _slug(definition)
    if shared:  # by what tells it from the others, so that it stays the same whatever else is loaded
        mark = _digest(f"{policy.assignment.id or policy.assignment.name}\n{policy.reference}\n{definition.id}")[:6]
        identifier, slug = f"{identifier}-{mark.upper()}", f"{slug}-{mark}"
    return Rule(
        id=identifier,
        slug=slug,
        title=definition.title.rstrip(". ") or definition.name,
        severity=_severity(policy, effects),
        types=_types(policy),
        controls=_controls(definition),
        rationale=definition.description or f"Azure Policy asks for it: {_origin(policy)}.",
        remediation=_remediation(policy),
        absent="What the conditions of the policy make of it.",
        check=_check(policy, now, effects),
        needs_stack=True,
    )


def _severity(policy: AssignedPolicy, effects: frozenset[str] | None) -> Severity:
    if not policy.assignment.enforced:
        return "low"
    found: list[Severity] = [
        _SEVERITIES.get(each, "low") for each in policy.effects if effects is None or each in effects
    ]
    return max(found, key=SEVERITIES.index)


def _types(policy: AssignedPolicy) -> tuple[str, ...]:
    condition = policy.definition.condition
    found = None if condition is None else types_of(condition, policy.parameters)
    return tuple(sorted(found)) if found else ("*",)


def _controls(definition: Definition) -> tuple[str, ...]:
    name = definition.name.casefold()
    return tuple(
        key for key, each in controls.load().items() if name in {guid.casefold() for guid in each.azure_policy}
    )


def _origin(policy: AssignedPolicy) -> str:
    if policy.initiative is not None:
        return f"the initiative {policy.initiative.title!r}"
    if policy.assignment.implied:
        return f"the policy {policy.definition.name!r}"
    return f"the assignment {policy.assignment.title!r}"


def _remediation(policy: AssignedPolicy) -> str:
    effect = policy.effects[0]
    if effect in ("Modify", "DeployIfNotExists", "Append"):
        return "Write into the program what Azure would change or deploy by itself, so that the two do not contend."
    return "Change what the message names, so that the conditions of the policy do not hold any more."


def _check(
    policy: AssignedPolicy, now: datetime, effects: frozenset[str] | None
) -> Callable[[Resource, Stack], Iterator[Violation]]:
    def check(resource: Resource, stack: Stack) -> Iterator[Violation]:
        found = outcome(policy, resource, stack, now)
        if effects is not None and found.effect not in effects:
            return
        if found.state == "undecided":
            raise PolicyUndecided(found)
        if found.state == "non_compliant":
            yield Violation(found.path, _message(found))

    return check


def _message(found: Outcome) -> str:
    """What the assignment says, with the reasons, and how much it weighs in Azure."""
    own = found.message.startswith(f"{found.policy.title}: ")
    reasons = "; ".join(found.reasons)
    said = reasons if own or not reasons else f"{found.message} ({reasons})"
    return f"{said} [effect {found.effect}]"
