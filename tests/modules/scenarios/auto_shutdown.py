# SPDX-License-Identifier: Apache-2.0
"""Machines that stop with a warning, in silence, and not at all."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.AutoShutdown(
        "full",
        gp.AutoShutdownArgs(
            resource_group_name=here.group.name,
            virtual_machine_id=here.virtual_machine_id.apply(lambda path: f"{path}-full"),
            time="2230",
            time_zone="Tokyo Standard Time",
            notice=gp.ShutdownNotice(
                email="ml-platform@example.com;labels@example.com",
                webhook_url="https://hooks.example.com/?key=hushhush",
                minutes=15,
                locale="ja",
            ),
            enabled=False,
            location=LOCATION,
            tags=TAGS,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Nobody is asked."""
    gp.AutoShutdown(
        "locked-down",
        gp.AutoShutdownArgs(
            resource_group_name=here.group.name,
            virtual_machine_id=here.virtual_machine_id.apply(lambda path: f"{path}-closed"),
            time="1800",
        ),
    )


def check(found: Declared) -> None:
    """Named as Azure demands; the webhook is a secret."""
    full = found.one("devtestlab:GlobalSchedule", "full")
    assert full["name"] == f"shutdown-computevm-{full['targetResourceId'].rpartition('/')[2]}"
    assert full["taskType"] == "ComputeVmShutdownTask"
    assert (full["status"], full["dailyRecurrence"]) == ("Disabled", {"time": "2230"})
    assert full["notificationSettings"]["timeInMinutes"] == 15
    assert "hushhush" not in str(found.rows)
    closed = found.one("devtestlab:GlobalSchedule", "locked-down")
    assert closed["status"] == "Enabled"
    assert closed["notificationSettings"] == {"status": "Disabled"}
