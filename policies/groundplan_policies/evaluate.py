# SPDX-License-Identifier: Apache-2.0
"""Asks rules about resources. A rule that raises is a finding, never a pass."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from groundplan_policies.values import Undecided

if TYPE_CHECKING:
    from groundplan_policies.resource import Resource
    from groundplan_policies.rule import Rule
    from groundplan_policies.stack import Stack

Verdict = Literal["violation", "undecided", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one rule about one resource."""

    rule: Rule
    verdict: Verdict
    resource: Resource
    path: str
    """Where in the resource's body, '' for all of it."""
    message: str
    secret: bool = False
    """Undecided because a value is secret: it will not be decided later either."""


Given = Mapping[str, Mapping[str, Any]]
"""Values of parameters by id of the rule."""


def ask(
    rule: Rule, resource: Resource, stack: Stack | None = None, given: Mapping[str, Any] | None = None
) -> list[Finding]:
    """What a rule finds of a resource of one of its types. `stack` for rules that need it, `given` over the parameters' defaults."""
    found: list[Finding] = []
    arguments: list[Any] = [resource]
    if rule.needs_stack:
        arguments.append(stack)
    if rule.parameters:
        arguments.append({**rule.defaults(), **given} if given else rule.defaults())
    try:
        for each in rule.check(*arguments):
            found.append(Finding(rule, "violation", resource, each.path, each.message))  # noqa: PERF401  (it may raise)
    except Undecided as error:
        said = f"can not be decided: {error}"
        found.append(Finding(rule, "undecided", resource, error.path, said, error.cause == "secret"))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # whatever it is, `sys.exit()` too, it must not pass for compliance
        found.append(Finding(rule, "error", resource, "", _told(rule, error)))
    return found


def ask_each(rules: Iterable[Rule], stack: Stack, given: Given | None = None) -> Iterator[Finding]:
    """What rules find of all resources of a stack, resource by resource."""
    chosen = list(rules)
    everywhere = [rule for rule in chosen if rule.everywhere]
    by_type: dict[str, list[Rule]] = {}
    for rule in chosen:
        for kind in rule.types:
            by_type.setdefault(kind.casefold(), []).append(rule)
    for resource in stack.resources:
        for rule in (*by_type.get(resource.kind, ()), *everywhere):
            yield from ask(rule, resource, stack, (given or {}).get(rule.id))


def named(error: BaseException) -> str:
    """What was raised: its type, and what it says if anything."""
    said = str(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _told(rule: Rule, error: BaseException) -> str:
    """What a rule raised, and where in which file."""
    frames = traceback.extract_tb(error.__traceback__)
    own = rule.check.__code__.co_filename
    at = next((frame for frame in reversed(frames) if frame.filename == own), frames[-1])
    where = Path(at.filename)
    return (
        f"rule {rule.id} ({rule.slug}) raised {named(error)} in {where.parent.name}/{where.name}, line {at.lineno}; "
        "mend the rule, or set its level to 'disabled' until it is mended"
    )
