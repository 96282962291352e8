# SPDX-License-Identifier: Apache-2.0
"""A budget for part of a subscription, and one for a group."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.Budget(
        "full",
        gp.BudgetArgs(
            scope=f"/subscriptions/{here.client.subscription_id}",
            amount=12_000,
            start_date="2026-10-01",
            end_date="2028-09-30",
            time_grain="Quarterly",
            contact_emails=("finance@example.com",),
            contact_roles=("Owner",),
            action_group_ids=(here.monitoring.action_group_id,),
            alerts={"spent": gp.Alert(percent=80, on="Actual"), "coming": gp.Alert(percent=110, on="Forecasted")},
            tags={"cost-center": ("42", "43")},
            resource_group_names=(here.group.name,),
            resource_types=("Microsoft.MachineLearningServices/workspaces",),
            meters=("00000000-0000-0000-0000-000000000000",),
            budget_name="training-2026",
        ),
    )
    gp.Budget(
        "full-tag",
        gp.BudgetArgs(
            scope=f"/subscriptions/{here.client.subscription_id}",
            amount=500,
            start_date="2026-11-01",
            contact_roles=("Contributor",),
            tags={"team": ("vision",)},
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Whatever the group spends is told to the people on call."""
    gp.Budget(
        "locked-down",
        gp.BudgetArgs(
            scope=pulumi.Output.from_input(here.group.id),
            amount=1000,
            start_date="2026-11-01",
            action_group_ids=(here.monitoring.action_group_id,),
        ),
    )


def check(found: Declared) -> None:
    """One condition stands alone, several are joined."""
    joined = found.one("consumption:Budget", "full")["filter"]["and"]
    assert [next(iter(each)) for each in joined] == ["dimensions", "dimensions", "dimensions", "tags"]
    assert found.one("consumption:Budget", "full-tag")["filter"] == {
        "tags": {"name": "team", "operator": "In", "values": ["vision"]}
    }
    closed = found.one("consumption:Budget", "locked-down")
    assert "filter" not in closed
    assert {each["thresholdType"] for each in closed["notifications"].values()} == {"Actual", "Forecasted"}
