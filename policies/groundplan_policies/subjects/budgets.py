# SPDX-License-Identifier: Apache-2.0
"""Budgets, and whom they tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from groundplan_policies.resource import Resource, View

BUDGETS: Final = ("Microsoft.Consumption/budgets", "Microsoft.CostManagement/budgets")
CONTACTS: Final = ("contactEmails", "contactGroups", "contactRoles")
NOTIFICATIONS: Final = "properties.notifications"


def notifications(budget: Resource) -> Iterator[View]:
    """The notifications of a budget that are on. Raises `Undecided`."""
    for _, each in budget.entries(NOTIFICATIONS):
        if each.equals("enabled", True):
            yield each
