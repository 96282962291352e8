# SPDX-License-Identifier: Apache-2.0
"""Azure Policy over the resources of a program: definitions, initiatives, assignments and exemptions as people have them."""

from groundplan_policies.azure_policy.assigned import AssignedPolicy
from groundplan_policies.azure_policy.assignment import Assignment, Exemption
from groundplan_policies.azure_policy.definition import Definition
from groundplan_policies.azure_policy.errors import PolicyError, Problem
from groundplan_policies.azure_policy.evaluate import Outcome, State, evaluate
from groundplan_policies.azure_policy.initiative import Initiative
from groundplan_policies.azure_policy.library import Library, load
from groundplan_policies.azure_policy.rules import PolicyUndecided, rules

__all__ = [
    "AssignedPolicy",
    "Assignment",
    "Definition",
    "Exemption",
    "Initiative",
    "Library",
    "Outcome",
    "PolicyError",
    "PolicyUndecided",
    "Problem",
    "State",
    "evaluate",
    "load",
    "rules",
]
