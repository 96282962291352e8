# SPDX-License-Identifier: Apache-2.0
"""Writes down what a deployment's processes say and what happens to them: to the log files, and to whoever listens."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from groundplan_emulator.ml.scoring import logs
from groundplan_emulator.ml.telemetry import Lifecycle, LogLine

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_RESTARTS: Final = "restarts"


class Journal:
    """The logs of one deployment, and how often its processes died."""

    def __init__(self, azure: Azure, deployment_id: str, folder: Path) -> None:
        self._azure = azure
        self._id = deployment_id
        self._folder = folder
        self._logs = {name: logs.Log(folder, name) for name in (logs.SERVER, logs.SETUP, logs.EVENTS)}
        self.restarts = 0
        with contextlib.suppress(OSError, ValueError):
            self.restarts = int((folder / _RESTARTS).read_text())

    def line(self, instance: int, stream: str, text: str) -> None:
        """What a process wrote."""
        self._logs[logs.SERVER].write(instance, text)
        self._azure.telemetry.publish(LogLine(self._azure.clock.now(), self._id, instance, stream, text))

    def setup(self, text: str) -> None:
        """What happened before the first process."""
        self._logs[logs.SETUP].write(0, f"{self._now()} {text}")

    def event(self, instance: int, text: str) -> None:
        """What happened to a process."""
        self._logs[logs.EVENTS].write(instance, f"Kind: Pod, Name: instance-{instance}, Time: {self._now()}, {text}")
        self._azure.telemetry.publish(Lifecycle(self._azure.clock.now(), self._id, instance, text))

    def restarted(self) -> None:
        """Count a death."""
        self.restarts += 1
        with contextlib.suppress(OSError):
            (self._folder / _RESTARTS).write_text(str(self.restarts))

    def close(self) -> None:
        """Close the files."""
        for each in self._logs.values():
            each.close()

    def _now(self) -> str:
        return datetime.fromtimestamp(self._azure.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
