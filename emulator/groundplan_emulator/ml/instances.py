# SPDX-License-Identifier: Apache-2.0
"""Which scoring processes are ready: written by who keeps them, read by who sends them requests."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Instance:
    """One scoring process that answers on 127.0.0.1. `in_flight`: requests that it has not answered yet.

    `restarts`: how often processes of its deployment had died when it came up.
    """

    number: int
    pid: int
    port: int
    in_flight: int = 0
    restarts: int = 0


@dataclass(slots=True)
class Instances:
    """Ready instances by the key (id in lower case) of their deployment.

    Whoever stops an instance takes it out first, then waits until nothing is in flight.
    """

    _ready: dict[str, list[Instance]] = field(default_factory=dict)

    def everything(self) -> dict[str, list[Instance]]:
        """All ready instances by the key of their deployment."""
        return {key: list(found) for key, found in self._ready.items()}

    def of(self, deployment: str) -> list[Instance]:
        """The ready instances of a deployment; empty where none is."""
        return self._ready.get(deployment, [])

    def add(self, deployment: str, instance: Instance) -> None:
        """An instance is ready from now on."""
        self._ready.setdefault(deployment, []).append(instance)

    def remove(self, deployment: str, instance: Instance) -> None:
        """An instance gets no further requests; nothing happens where it got none before."""
        kept = [each for each in self._ready.get(deployment, []) if each is not instance]
        if kept:
            self._ready[deployment] = kept
        else:
            self._ready.pop(deployment, None)
