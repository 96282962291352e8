# SPDX-License-Identifier: Apache-2.0
"""What schedules start: each kind of action is a module that can check one (before it is stored) and start it (when it is due)."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol, cast

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import user_error

TARGET: Final = "properties.action"
ACTIONS: Final[dict[str, str]] = {
    "CreateJob": "schedules.create_job",
    "CreateMonitor": "monitors.starting",
    "InvokeBatchEndpoint": "schedules.invoke_batch",
}
"""Action type, module below `groundplan_emulator.ml`."""


@dataclass(frozen=True, slots=True)
class Due:
    """A schedule that is due. `at`: the moment that it was due at, seconds since the epoch."""

    schedule: Resource
    at: float

    @property
    def stamp(self) -> str:
        """The moment, as Azure writes it into the names of jobs: `20260131T120000Z`."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y%m%dT%H%M%SZ")

    @property
    def job_name(self) -> str:
        """The name of the job that is started."""
        return f"{self.schedule.name}-{self.stamp}"

    @property
    def private(self) -> dict[str, Any]:
        """What its job keeps of it: `schedule` (the name), and notes that GET answers among the job's properties."""
        moment = datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        notes = {"azureml.scheduleId": self.schedule.name, "azureml.scheduleTime": moment}
        return {"schedule": self.schedule.name, "notes": notes}


class Action(Protocol):
    """A kind of action."""

    def check(self, write: Write, action: dict[str, Any]) -> None:
        """Refuse a definition (raise ArmError)."""

    def start(self, ctx: Context, due: Due, action: dict[str, Any]) -> Resource:
        """Submit the job. Raises `ArmError` where what it needs has gone."""
        ...


def find(action: dict[str, Any]) -> Action:
    """Who looks after an action. Raises `ArmError` for a kind that is not known."""
    kind = str(action.get("actionType"))
    module = ACTIONS.get(kind)
    if module is None:
        raise user_error(
            f"Schedules of the kind '{kind}' do not run on the local Azure; those that do: {', '.join(ACTIONS)}.",
            f"{TARGET}.actionType",
        )
    return cast("Action", importlib.import_module(f"groundplan_emulator.ml.{module}"))
