# SPDX-License-Identifier: Apache-2.0
"""What happens while models serve and jobs run, told to whoever records it. Times are seconds since the epoch by the emulator's clock."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

log = logging.getLogger("groundplan.emulator")


@dataclass(frozen=True, slots=True)
class Served:
    """One request to an online endpoint, answered or refused.

    `endpoint`: the ARM id; `deployment`: its name, '' where none was chosen. `status`: what the client got; `model_status`: what the model
    answered, 0 where it was not asked or did not answer. `seconds`: until the last byte was sent; `model_seconds`: the model's part.
    `reason`: why it is no 200, in a word of Azure's where there is one. `mirrored`: a copy, whose answer nobody got. `bodies`: request
    and response, only where a deployment collects them. `connection`: the client's address and port, where it is known.
    """

    at: float
    endpoint: str
    deployment: str
    status: int
    model_status: int
    seconds: float
    model_seconds: float
    request_bytes: int
    response_bytes: int
    request_id: str
    client_request_id: str = ""
    method: str = "POST"
    path: str = "/score"
    reason: str = ""
    mirrored: bool = False
    bodies: tuple[bytes, bytes] | None = None
    instance: int = -1
    connection: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that a process wrote. `source`: the ARM id of a deployment or job."""

    at: float
    source: str
    instance: int
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What an instance of a deployment uses now: per cent of one core, bytes.

    `capacity`: instances that are ready; `restarts`: since the deployment was made.
    """

    at: float
    deployment: str
    instance: int
    cpu_percent: float
    memory_bytes: int
    capacity: int
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What happened to an instance of a deployment. `source`: the ARM id of the deployment. `text`: as its logs show it."""

    at: float
    source: str
    instance: int
    text: str


Event = Served | LogLine | Usage | Lifecycle
T = TypeVar("T", Served, LogLine, Usage, Lifecycle)


@dataclass(slots=True)
class Telemetry:
    """Passes events on, at once and in order. A listener that fails is logged and hurts nobody else."""

    _listeners: dict[type, list[Callable[..., None]]] = field(default_factory=dict)

    def listen(self, kind: type[T], listener: Callable[[T], None]) -> Callable[[], None]:
        """Hear every event of a kind from now on; call the result to hear no more."""
        found = self._listeners.setdefault(kind, [])
        found.append(listener)
        return lambda: found.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell everyone who listens."""
        for listener in tuple(self._listeners.get(type(event), ())):
            try:
                listener(event)
            except Exception:
                log.exception("a listener of %s failed", type(event).__name__)
