# SPDX-License-Identifier: Apache-2.0
"""Which jobs are taken: what a PUT of a new one is refused for."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml.jobs import placement
from groundplan_emulator.ml.jobs.computes import id_of
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.types.machine_learning_services.service import user_error

TYPES = ("Command", "Sweep", "Pipeline")


def check(write: Write) -> None:
    """Refuse a job of another type, and one whose compute cannot run it."""
    kind = str(write.properties.get("jobType"))
    if kind not in TYPES:
        raise user_error(
            f"Jobs of type '{kind}' do not run on the local Azure; those that do: {', '.join(TYPES)}.",
            "properties.jobType",
        )
    _check_compute(write, write.properties.get("computeId"), write.properties.get("resources") or {})


def _check_compute(write: Write, compute_id: str | None, resources: dict[str, Any]) -> None:
    found = id_of(write.id.id, compute_id)
    if found is None:
        return
    try:
        placement.usable(write.ctx, found, int(resources.get("instanceCount") or 1))
    except JobError as error:
        raise user_error(error.message, "properties.computeId") from None
