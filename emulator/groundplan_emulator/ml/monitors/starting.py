# SPDX-License-Identifier: Apache-2.0
"""Schedules that monitor a model."""

from __future__ import annotations

from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml.jobs.submit import submit
from groundplan_emulator.ml.monitors import definition
from groundplan_emulator.ml.schedules.actions import Due
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import workspace_of

OUTPUT: Final = "monitoring_results"


def check(write: Write, action: dict[str, Any]) -> None:
    """A monitor that can be computed here."""
    definition.check(write, action)


def start(ctx: Context, due: Due, action: dict[str, Any]) -> Resource:
    """Submit the job."""
    job = {
        "jobType": "Pipeline",
        "displayName": due.job_name,
        "experimentName": due.schedule.name,
        "inputs": {},
        "outputs": {OUTPUT: {"jobOutputType": "uri_folder"}},
        "jobs": {},
        "settings": {},
        "tags": dict(due.schedule.properties.get("tags") or {}),
    }
    kept = {"executor": "Monitor", "monitor": action["monitorDefinition"], "monitorTime": due.at}
    return submit(ctx, workspace_of(ctx, due.schedule.id), due.job_name, job, private={**due.private, **kept})
