# SPDX-License-Identifier: Apache-2.0
"""Every rule as a policy of Pulumi's own policy SDK, the program of a pack: the peer that `policy` measures.

Each resource is turned into ARM's shape once and every stack is put together once; what is left is what the SDK does anew for
each policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import _is_unknown, _ListProxy

from groundplan_policies import catalog
from groundplan_policies.engine import conversion
from groundplan_policies.evaluate import ask
from groundplan_policies.resource import Resource
from groundplan_policies.rule import Rule
from groundplan_policies.stack import Stack
from groundplan_policies.values import UNKNOWN

SEEN: dict[str, Resource] = {}


def plain(value: Any) -> Any:
    """Values without the SDK's wrappers, which raise where one is unknown."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value["__target"].items()}
    if isinstance(value, _ListProxy):
        return [plain(each) for each in value["__target"]]
    return UNKNOWN if _is_unknown(value) else value


def seen(args: ResourceValidationArgs | PolicyResource) -> Resource:
    """The resource in ARM's shape."""
    if args.urn not in SEEN:
        SEEN[args.urn] = conversion.resource(args.resource_type, args.urn, args.name, plain(args.props))
    return SEEN[args.urn]


@cache
def stack_of(count: int) -> Stack:
    """The stack of so many resources, which is the only one of a run."""
    assert len(RESOURCES) == count
    return Stack(
        conversion.with_relations(
            seen(each),
            {name: [one.urn for one in found] for name, found in each.property_dependencies.items()},
            (),
        )
        for each in RESOURCES
    )


RESOURCES: list[PolicyResource] = []


def told(rule: Rule, found: Resource, stack: Stack | None, report: ReportViolation) -> None:
    """Report what a rule finds of a resource of one of its types."""
    if rule.everywhere or found.is_a(*rule.types):
        for each in ask(rule, found, stack):
            report(f"{rule.id}: {each.message}", found.key)


def alone(rule: Rule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    """The rule as a function of the SDK's."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if conversion.is_azure(args.resource_type):
            told(rule, seen(args), None, report)

    return validate


def together(rule: Rule) -> Callable[[StackValidationArgs, ReportViolation], None]:
    """A rule over the whole stack as a function of the SDK's."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        RESOURCES[:] = [each for each in args.resources if conversion.is_azure(each.resource_type)]
        stack = stack_of(len(RESOURCES))
        for each in stack.resources:
            told(rule, each, stack, report)

    return validate


def policy(rule: Rule) -> Policy:
    """The rule as a policy."""
    if rule.needs_stack:
        return StackValidationPolicy(rule.slug, rule.title, together(rule), EnforcementLevel.ADVISORY)
    return ResourceValidationPolicy(rule.slug, rule.title, alone(rule), EnforcementLevel.ADVISORY)


PolicyPack("official", [policy(each) for each in catalog.load()])
