# SPDX-License-Identifier: Apache-2.0
"""Policies in force: definitions with the values and the effect that an assignment gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from groundplan_policies.azure_policy.assignment import Assignment, Exemption
from groundplan_policies.azure_policy.definition import Definition
from groundplan_policies.azure_policy.initiative import Initiative
from groundplan_policies.azure_policy.selectors import REFERENCE, Selector, fits
from groundplan_policies.resource import Resource


@dataclass(frozen=True)
class AssignedPolicy:
    """One policy of one assignment.

    `reference`: what the initiative calls it, '' where it is assigned by itself. `parameters`: values by name in lower case.
    `effect`: without the assignment's overrides. `groups`: the groups of the initiative that it is in.
    """

    definition: Definition
    assignment: Assignment
    initiative: Initiative | None
    reference: str
    groups: tuple[str, ...]
    parameters: Mapping[str, Any] = field(repr=False)
    effect: str
    exemptions: tuple[Exemption, ...] = ()

    def effect_on(self, resource: Resource) -> str | None:
        """The effect on a resource; None where it depends on what nobody knows of it yet."""
        for each in self.assignment.overrides:
            if each.kind == "policyEffect":
                found = fits(each.selectors, resource, self.reference)
                if found is None:
                    return None
                if found:
                    return each.value
        return self.effect

    def other_version(self, resource: Resource) -> str:
        """The version that the assignment wants for a resource in the place of the one at hand; '' where it wants none."""
        for each in self.assignment.overrides:
            if each.kind == "policyVersion" and fits(each.selectors, resource, self.reference) is not False:
                return each.value
        return ""

    @property
    def effects(self) -> tuple[str, ...]:
        """The effects that it can have, the most likely first."""
        values: list[str] = []
        for each in self.assignment.overrides:
            about = [selector for selector in each.selectors if selector.kind == REFERENCE]
            if each.kind == "policyEffect" and all(self._meant(selector) for selector in about):
                values.append(each.value)
                if len(about) == len(each.selectors):  # nothing but the policy decides
                    return tuple(dict.fromkeys(values))
        return tuple(dict.fromkeys([self.effect, *values]))

    def _meant(self, selector: Selector) -> bool:
        named = self.reference.casefold() in {each.casefold() for each in selector.values}
        return named is selector.within

    @property
    def policy(self) -> dict[str, str]:
        """What the function `policy()` gives."""
        return {
            "assignmentId": self.assignment.id,
            "definitionId": self.definition.id
            or f"/providers/Microsoft.Authorization/policyDefinitions/{self.definition.name}",
            "setDefinitionId": "" if self.initiative is None else self.initiative.id or self.initiative.name,
            "definitionReferenceId": self.reference,
        }
