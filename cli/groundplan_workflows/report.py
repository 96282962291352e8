# SPDX-License-Identifier: Apache-2.0
"""What came of an operation on stacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Operation = Literal["up", "preview", "refresh", "destroy"]
State = Literal["succeeded", "failed", "misconfigured", "violated", "waiting", "skipped", "cancelled"]
"""misconfigured: the stack's configuration is not valid; violated: a mandatory policy; waiting: cannot be previewed before a
stack that it needs is up; skipped: one that it needs failed."""

UNCHANGED = ("same", "read", "refresh", "discard", "read-discard")
"""Operations of the engine that change nothing in the cloud."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the engine does, or would do, with one resource."""

    operation: str
    """Pulumi's word: create, update, replace, delete, same, ..."""
    type: str
    name: str
    urn: str
    properties: tuple[str, ...] = ()
    """Paths of the properties that differ."""
    seconds: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"operation": self.operation, "type": self.type, "name": self.name, "urn": self.urn} | (
            {"properties": list(self.properties)} if self.properties else {}
        )


@dataclass(slots=True, kw_only=True)
class StackReport:
    """What came of one stack."""

    stack: str
    state: State
    changes: dict[str, int] = field(default_factory=dict)
    """Resources by operation of the engine; the stack itself and components count, as in Pulumi's own summary."""
    steps: list[Step] = field(default_factory=list)
    """Every step that changes something."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """What the stack exports; a secret is `[secret]`."""
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    note: str = ""
    log: Path | None = None

    @property
    def changed(self) -> int:
        """How many resources are created, updated, replaced or deleted."""
        return sum(count for name, count in self.changes.items() if name not in UNCHANGED)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; empty parts are left out."""
        parts: dict[str, Any] = {
            "stack": self.stack,
            "state": self.state,
            "changes": self.changes,
            "steps": [step.as_dict() for step in self.steps],
            "outputs": self.outputs,
            "seconds": round(self.seconds, 2),
            "errors": self.errors,
            "note": self.note,
            "log": str(self.log) if self.log else "",
        }
        return {name: part for name, part in parts.items() if part or name == "changes"}


@dataclass(slots=True, kw_only=True)
class Report:
    """What came of an operation."""

    target: str
    environment: str
    operation: Operation
    stacks: list[StackReport]
    seconds: float

    @property
    def state(self) -> State:
        """The worst state of a stack; waiting is none's fault."""
        found = {report.state for report in self.stacks}
        ranked: tuple[State, ...] = ("cancelled", "violated", "failed", "misconfigured", "skipped")
        for state in ranked:
            if state in found:
                return state
        return "succeeded"

    @property
    def changed(self) -> int:
        """How many resources changed, or would."""
        return sum(report.changed for report in self.stacks)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "target": self.target,
            "environment": self.environment,
            "operation": self.operation,
            "state": self.state,
            "changed": self.changed,
            "seconds": round(self.seconds, 2),
            "stacks": [report.as_dict() for report in self.stacks],
        }
