# SPDX-License-Identifier: Apache-2.0
"""What a job runs, said by the job itself or by the schedule that starts it."""

from __future__ import annotations

from typing import Final

from groundplan_policies.resource import Resource, View

JOB: Final = "Microsoft.MachineLearningServices/workspaces/jobs"
SCHEDULE: Final = "Microsoft.MachineLearningServices/workspaces/schedules"


def definition_of(found: Resource) -> View:
    """The definition of a job, or of the one that a schedule starts; an empty part where it starts something else."""
    return found.view("properties.action.jobDefinition" if found.is_a(SCHEDULE) else "properties")


def is_off(schedule: Resource) -> bool:
    """Whether a schedule starts nothing for now. Raises `Undecided`."""
    return schedule.equals("properties.isEnabled", False)
