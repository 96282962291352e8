# SPDX-License-Identifier: Apache-2.0
"""A spending limit that tells people before it is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import consumption

from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.naming import check_name


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A message sent when spending passes a share of the budget."""

    percent: float
    """Required. Share of the amount, above 0 up to 1000 percent."""
    on: Literal["Actual", "Forecasted"] = "Actual"
    """Optional. Money spent, or money that Azure expects to be spent by the end of the period. Default: spent."""

    def __post_init__(self) -> None:
        # Source of this, and of five alerts to a budget: consumption:Budget's documentation in azure-native
        if not 0 < self.percent <= 1000:
            raise ArgumentError(f"budget alert: percent is {self.percent}; allowed are more than 0, up to 1000")


DEFAULT_ALERTS: Mapping[str, Alert] = {
    "half": Alert(percent=50),
    "most": Alert(percent=90),
    "forecast": Alert(percent=100, on="Forecasted"),
}


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """Arguments of `Budget`."""

    scope: Input[str]
    """Required. ARM id of the resource group or subscription whose costs count."""
    amount: float
    """Required. Limit per period, in the currency of the billing account. Azure does not stop anything at the limit."""
    start_date: str
    """Required. First day of the first period, `YYYY-MM-01`; cannot change later. Azure refuses a new budget that
    starts before
    the current period, or more than a year ahead."""
    end_date: str | None = None
    """Optional. Last day, `YYYY-MM-DD`. Default: Azure's, ten years after the start."""
    time_grain: Literal["Monthly", "Quarterly", "Annually"] = "Monthly"
    """Optional. Length of a period; cannot change later. Default: a month."""
    contact_emails: tuple[Input[str], ...] = ()
    """Conditional. Mail addresses that are told. Required unless `action_group_ids` or `contact_roles` is given."""
    action_group_ids: tuple[Input[str], ...] = ()
    """Conditional. ARM ids of action groups that are told. Required unless `contact_emails` or `contact_roles` is
    given."""
    contact_roles: tuple[Literal["Owner", "Contributor", "Reader"], ...] = ()
    """Conditional. Who holds one of these roles on the scope is told. Required unless one of the others is given."""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Optional. Count only what carries each of these tags with one of its values. Default: all."""
    resource_group_names: tuple[Input[str], ...] = ()
    """Optional. Count only these resource groups of the subscription. Default: all."""
    resource_types: tuple[str, ...] = ()
    """Optional. Count only these types, e.g. `Microsoft.MachineLearningServices/workspaces`. Default: all."""
    meters: tuple[str, ...] = ()
    """Optional. Count only these meters, by their ids in the price sheet. Default: all."""
    alerts: Mapping[str, Alert] = field(default_factory=lambda: DEFAULT_ALERTS)
    """Optional. When to tell them, one to five. Default: 50 and 90 percent spent, and 100 percent expected."""
    budget_name: str | None = None
    """Optional. Azure name. Default: the component's name."""

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ArgumentError(f"budget: amount is {self.amount}; give more than 0")
        start = _day("start_date", self.start_date)
        if start.day != 1:
            raise ArgumentError(f"budget: start_date is {self.start_date!r}; Azure takes the first of a month only")
        if self.end_date is not None and _day("end_date", self.end_date) <= start:
            raise ArgumentError(f"budget: end_date {self.end_date!r} is not after start_date {self.start_date!r}")
        if not 1 <= len(self.alerts) <= 5:
            raise ArgumentError(f"budget: {len(self.alerts)} alerts given; Azure takes one to five")
        if not (self.contact_emails or self.action_group_ids or self.contact_roles):
            raise ArgumentError("budget: nobody would be told; give contact_emails, action_group_ids or contact_roles")
        if empty := [tag for tag, values in self.tags.items() if not values]:
            raise ArgumentError(f"budget: tags[{empty[0]!r}] has no values; give those that count")


class Budget(Component):
    """A budget on a scope.

    Example:
        Budget("budget", BudgetArgs(
            scope=group.id, amount=500, start_date="2027-01-01", contact_emails=("team@example.com",)))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""

    def __init__(self, name: str, args: BudgetArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        budget = consumption.Budget(
            name,
            budget_name=check_name("budget", args.budget_name or name),
            scope=args.scope,
            amount=args.amount,
            category="Cost",
            time_grain=args.time_grain,
            time_period=consumption.BudgetTimePeriodArgs(
                start_date=f"{args.start_date}T00:00:00Z",
                end_date=f"{args.end_date}T00:00:00Z" if args.end_date else None,
            ),
            filter=_filter(args),
            notifications={
                key: consumption.NotificationArgs(
                    enabled=True,
                    operator="GreaterThan",
                    threshold=alert.percent,
                    threshold_type=alert.on,
                    contact_emails=[*args.contact_emails],
                    contact_groups=[*args.action_group_ids],
                    contact_roles=[*args.contact_roles] or None,
                )
                for key, alert in args.alerts.items()
            },
            opts=self.child(),
        )
        self.id = budget.id
        self.name = budget.name
        self.seal()


def _filter(args: BudgetArgs) -> consumption.BudgetFilterArgs | None:
    """What counts: Azure takes one condition as it is, and several under `and`."""
    dimensions: dict[str, tuple[Input[str], ...]] = {
        "ResourceGroupName": args.resource_group_names,
        "ResourceType": args.resource_types,
        "Meter": args.meters,
    }
    found = [
        consumption.BudgetFilterPropertiesArgs(dimensions=_is_one_of(name, values))
        for name, values in dimensions.items()
        if values
    ]
    found += [consumption.BudgetFilterPropertiesArgs(tags=_is_one_of(tag, each)) for tag, each in args.tags.items()]
    match found:
        case []:
            return None
        case [one]:
            return consumption.BudgetFilterArgs(dimensions=one.dimensions, tags=one.tags)
        case _:
            return consumption.BudgetFilterArgs(and_=found)


def _is_one_of(name: str, values: Sequence[Input[str]]) -> consumption.BudgetComparisonExpressionArgs:
    return consumption.BudgetComparisonExpressionArgs(name=name, operator="In", values=[*values])


def _day(field: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentError(f"budget: {field} is {value!r}, not a day of the form YYYY-MM-DD") from None
