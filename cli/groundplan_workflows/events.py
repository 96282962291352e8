# SPDX-License-Identifier: Apache-2.0
"""The engine's events of one stack, gathered into a report and told to who watches."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from groundplan_workflows.report import UNCHANGED, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.automation.events import EngineEvent, StepEventMetadata

    from groundplan_workflows.report import Operation, StackReport

_COLOR = re.compile(r"<\{%.*?%\}>")
NOISE = ("using pulumi-language-python from $PATH", "using pulumi-resource-azure-native from $PATH")
"""What the engine warns of at each start; on the local target it is how things are meant."""


class Watcher(Protocol):
    """Told what happens while stacks are worked on; called from several threads."""

    def begin(self, stack: str, operation: Operation) -> None:
        """The engine starts on a stack."""

    def start(self, stack: str, step: Step) -> None:
        """It begins a step that changes something."""

    def done(self, stack: str, step: Step, total: int) -> None:
        """A step ended well; `total` steps, unchanged ones included, have."""

    def failed(self, stack: str, step: Step) -> None:
        """A step failed."""

    def says(self, stack: str, severity: str, message: str) -> None:
        """A diagnostic of the engine or of the program: severity info, warning or error."""

    def end(self, report: StackReport) -> None:
        """The engine has done with a stack."""


@dataclass(slots=True)
class Recorder:
    """Takes the events of one stack."""

    stack: str
    watcher: Watcher
    log: Callable[[str], None]
    """Gets what is too much for who watches."""
    steps: list[Step] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    violated: bool = False
    _started: dict[tuple[str, str], float] = field(default_factory=dict)
    _done: int = 0

    def __call__(self, event: EngineEvent) -> None:
        """Take an event."""
        if event.resource_pre_event:
            self._begin(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            self._end(event.res_outputs_event.metadata)
        elif event.res_op_failed_event:
            self.watcher.failed(self.stack, self._step(event.res_op_failed_event.metadata))
        elif event.diagnostic_event and not event.diagnostic_event.ephemeral:
            found = event.diagnostic_event
            self._says(found.severity, found.message, found.urn)
        elif event.policy_event:
            found = event.policy_event
            self.violated |= found.enforcement_level == "mandatory"
            self._says(
                "error" if self.violated else "warning", f"{found.policy_name}: {found.message}", found.resource_urn
            )
        elif event.summary_event:
            changes = event.summary_event.resource_changes or {}
            self.changes = {str(getattr(name, "value", name)): count for name, count in changes.items()}

    def _begin(self, metadata: StepEventMetadata) -> None:
        step = self._step(metadata)
        self._started[step.urn, step.operation] = time.monotonic()
        if step.operation != "same":
            self.watcher.start(self.stack, step)

    def _end(self, metadata: StepEventMetadata) -> None:
        step = self._step(metadata)
        self._done += 1
        # the stack and components end twice: once registered, once with their outputs
        if step.operation not in UNCHANGED and not any(
            (step.urn, step.operation) == (s.urn, s.operation) for s in self.steps
        ):
            self.steps.append(step)
        self.watcher.done(self.stack, step, self._done)

    def _step(self, metadata: StepEventMetadata) -> Step:
        operation = str(getattr(metadata.op, "value", metadata.op))
        began = self._started.get((metadata.urn, operation))
        properties = tuple(sorted(metadata.detailed_diff or metadata.diffs or ()))
        seconds = None if began is None else time.monotonic() - began
        return Step(operation, metadata.type, name_of(metadata.urn), metadata.urn, properties, seconds)

    def _says(self, severity: str, message: str, urn: str | None) -> None:
        text = _COLOR.sub("", message).strip()
        if not text or any(noise in text for noise in NOISE):
            return
        if urn and "::pulumi:pulumi:Stack::" not in urn:
            text = f"{type_of(urn)} {name_of(urn)}: {text}"
        severity = severity.removesuffix("#err")
        if severity == "debug":
            self.log(f"debug: {text}")
            return
        if severity == "error":
            self.errors.append(text)
        self.watcher.says(self.stack, severity, text)


def name_of(urn: str) -> str:
    """The resource's name in a URN."""
    return urn.rpartition("::")[2]


def type_of(urn: str) -> str:
    """The resource's type in a URN, without those of its parents."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 3 else urn
