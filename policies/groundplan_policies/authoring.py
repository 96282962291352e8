# SPDX-License-Identifier: Apache-2.0
"""What a rule's file imports."""

from groundplan_policies.resource import Resource, View, Violation
from groundplan_policies.rule import Bad, BadCases, Found, Good, GoodCases, Id, Later, Parameter, Rule, UnknownCases
from groundplan_policies.stack import Stack, leaves
from groundplan_policies.values import SECRET, UNKNOWN, Undecided, same, shown

__all__ = [
    "SECRET",
    "UNKNOWN",
    "Bad",
    "BadCases",
    "Found",
    "Good",
    "GoodCases",
    "Id",
    "Later",
    "Parameter",
    "Resource",
    "Rule",
    "Stack",
    "Undecided",
    "UnknownCases",
    "View",
    "Violation",
    "leaves",
    "same",
    "shown",
]
