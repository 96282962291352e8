# SPDX-License-Identifier: Apache-2.0
"""Tags, and the environment that they say a resource is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import groundplan_arm
from groundplan_policies.resource import Resource
from groundplan_policies.rule import Parameter
from groundplan_policies.stack import Stack
from groundplan_policies.subjects.scopes import group_of
from groundplan_policies.values import same

PARAMETERS: Final = (
    Parameter(
        name="environmentTag",
        default="environment",
        description="The tag that says which environment a resource is of.",
        schema={"type": "string", "minLength": 1},
    ),
    Parameter(
        name="production",
        default=["prod", "production"],
        description="Its values that stand for production.",
        schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
    ),
)
"""Parameters of every rule that minds the environment."""
_NOT_CHARGED: Final = ("Microsoft.Resources/deployments", "Microsoft.Authorization/policyAssignments")


def tag_of(found: Resource, name: str) -> str:
    """The value of a tag, '' where it is absent; names ignore case. Raises `Undecided`."""
    return next((value.text() for key, value in found.entries("tags") if same(key, name)), "")


def has_tag(found: Resource, name: str) -> bool:
    """Whether a tag has a value, known or not; names ignore case. Raises `Undecided` where the tags themselves are not known."""
    return any(same(key, name) and value.given("") for key, value in found.entries("tags"))


def takes_tags(found: Resource) -> bool:
    """Whether its type has tags: as the table of types says, or else where it has a location."""
    if found.is_a(*_NOT_CHARGED):
        return False
    row = groundplan_arm.load().by_arm_type(found.type)
    return found.given("location") if row is None else row.tracked


def environment_of(found: Resource, stack: Stack, given: Mapping[str, Any]) -> str:
    """The environment by a resource's own tag, else by that of the resource it is a part of, else by its group's; '' where none says."""
    for holder in (found, stack.parent(found), group_of(found, stack)):
        environment = tag_of(holder, given["environmentTag"]) if holder is not None else ""
        if environment:
            return environment
    return ""


def is_production(found: Resource, stack: Stack, given: Mapping[str, Any]) -> bool:
    """Whether a resource is tagged as production. Raises `Undecided`."""
    environment = environment_of(found, stack, given)
    return any(same(environment, each) for each in given["production"])


def is_elsewhere(found: Resource, stack: Stack, given: Mapping[str, Any]) -> bool:
    """Whether a resource is tagged as anything but production. Raises `Undecided`."""
    return environment_of(found, stack, given) != "" and not is_production(found, stack, given)
