# SPDX-License-Identifier: Apache-2.0
"""Whether a policy is about a resource at all.

Only the conditions on `type`, `name` and `kind` tell; all others are taken to hold where that makes the policy apply.
Source: "What is applicability in Azure Policy?" of Microsoft's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import groundplan_arm
from groundplan_policies.azure_policy.aliases import GROUPS, type_in_table
from groundplan_policies.azure_policy.answer import Answer, Failure, all_of, any_of, negated
from groundplan_policies.azure_policy.conditions import answer
from groundplan_policies.azure_policy.fields import Plain, field_of
from groundplan_policies.azure_policy.situation import Situation
from groundplan_policies.azure_policy.syntax import AllOf, AnyOf, Condition, Field, Fixed, Node, Not
from groundplan_policies.azure_policy.templates import constant
from groundplan_policies.expressions import ExpressionError
from groundplan_policies.resource import Resource

_TELLING = frozenset({"type", "name", "kind"})


def applies(node: Node, situation: Situation) -> Answer:
    """Whether a policy whose effect is not one of `...IfNotExists` is about the resource."""
    subjects = set(_subjects(node))
    # `name` and `kind` tell nothing where there is nothing but them and the type
    telling = _TELLING if "" in subjects else _TELLING & subjects & {"type"}
    return _applies(node, situation, telling, wanted=True)


def _applies(node: Node, situation: Situation, telling: frozenset[str], *, wanted: bool) -> Answer:
    match node:
        case AllOf(items):
            return all_of(lambda each=each: _applies(each, situation, telling, wanted=wanted) for each in items)
        case AnyOf(items):
            return any_of(lambda each=each: _applies(each, situation, telling, wanted=wanted) for each in items)
        case Not(item):
            return negated(_applies(item, situation, telling, wanted=not wanted))
        case Condition():
            if _subject(node) not in telling:
                return Answer(wanted)
            try:
                return answer(node, situation)
            except Failure:
                return Answer(wanted)


def _subjects(node: Node) -> Iterator[str]:
    match node:
        case AllOf(items) | AnyOf(items):
            for each in items:
                yield from _subjects(each)
        case Not(item):
            yield from _subjects(item)
        case Condition():
            yield _subject(node)


def _subject(node: Condition) -> str:
    """`type`, `name`, `kind`, or '' for everything else."""
    match node.subject:
        case Field(Fixed(str() as text)):
            found = field_of(text)
            return found.name if isinstance(found, Plain) and found.name in _TELLING else ""
        case _:
            return ""


def types_of(node: Node, parameters: Mapping[str, Any]) -> frozenset[str] | None:
    """The resource types that a condition can hold for, in the words of the table; None where it names none."""
    match node:
        case AllOf(items):
            named = [found for each in items if (found := types_of(each, parameters)) is not None]
            return min(named, key=len, default=None)
        case AnyOf(items):
            each_named = [types_of(each, parameters) for each in items]
            if None in each_named:
                return None
            return frozenset(type_ for each in each_named for type_ in each or ())
        case Condition(operator="equals" | "in") if _subject(node) == "type":
            try:
                value = constant(node.expected, parameters)
            except ExpressionError:
                return None
            values = cast("list[Any]", value) if isinstance(value, list) else [value]
            return frozenset(type_in_table(str(each)) for each in values)
        case _:
            return None


def indexed(resource: Resource) -> bool | None:
    """Whether mode `Indexed` looks at a resource: its type has tags and a location. None for a type that nobody knows."""
    if resource.is_a(GROUPS):
        return False
    row = groundplan_arm.load().by_arm_type(resource.type)
    if row is not None:
        return row.tracked
    return True if resource.given("location") else None


def looked_at(resource: Resource) -> bool:
    """Whether Azure Policy evaluates resources of this type: of `Microsoft.Resources` only groups and subscriptions."""
    return resource.is_a(GROUPS) or not resource.kind.startswith("microsoft.resources/")


def provider_concerns(mode: str, resource: Resource) -> bool:
    """Whether the resource is one whose data a policy with the mode of a resource provider is about."""
    owner = mode.casefold().removesuffix(".data").removesuffix(".v2")
    if owner == "microsoft.kubernetes":
        return resource.is_a("Microsoft.ContainerService/managedClusters", "Microsoft.Kubernetes/connectedClusters")
    owner = "microsoft.keyvault" if owner == "microsoft.managedhsm" else owner
    return resource.kind.startswith(f"{owner}/") and resource.kind.count("/") == 1
