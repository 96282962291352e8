# SPDX-License-Identifier: Apache-2.0
"""What is shown while stacks are worked on: a table that redraws itself on a terminal, plain lines elsewhere."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from groundplan_cli import console

if TYPE_CHECKING:
    from groundplan_workflows.events import Watcher
    from groundplan_workflows.report import Operation, StackReport, Step

SIGNS = {"create": "+", "update": "~", "delete": "-", "same": " ", "read": "<", "refresh": "~"}
_PAST = {"up": "up", "preview": "previewed", "refresh": "refreshed", "destroy": "destroyed"}
_SHOWN = 6
"""Resources in work that a stack's row names."""


def summary(changes: dict[str, int]) -> str:
    """`3 create, 1 update, 20 same`; what changes first."""
    words = sorted(changes.items(), key=lambda item: (item[0] == "same", item[0]))
    told = (f"{count} {name}" for name, count in words if count and name not in {"discard", "read-discard"})
    return ", ".join(told) or "nothing to do"


def sign(operation: str) -> str:
    """Pulumi's sign of an operation."""
    return SIGNS.get(operation, "±" if "replace" in operation else "*")


@contextmanager
def watching() -> Generator["Watcher"]:
    """Who shows the progress here."""
    if not console.is_live():
        yield PlainProgress()
        return
    from rich.live import Live

    live = LiveProgress()
    with Live(get_renderable=live.render, console=console.live_console(), refresh_per_second=8, transient=True):
        yield live


class PlainProgress:
    """One line per step that ended, for CI and files."""

    def __init__(self) -> None:
        self._operation: Operation = "up"

    def begin(self, stack: str, operation: "Operation") -> None:
        """Say that the engine starts."""
        self._operation = operation
        console.progress(f"[{stack}] {operation} begins")

    def start(self, stack: str, step: "Step") -> None:
        """Say nothing: the end of a step is told."""

    def done(self, stack: str, step: "Step", total: int) -> None:
        """Tell a step that changed something."""
        if step.operation in ("same", "read", "refresh"):
            return
        took = "" if step.seconds is None or self._operation == "preview" else f" ({step.seconds:.1f} s)"
        differs = f" [{', '.join(step.properties)}]" if step.properties and step.operation != "create" else ""
        console.progress(f"[{stack}] {sign(step.operation)} {step.operation} {step.type} {step.name}{differs}{took}")

    def failed(self, stack: str, step: "Step") -> None:
        """Tell a step that failed."""
        console.progress(f"[{stack}] ! {step.operation} failed: {step.type} {step.name}")

    def says(self, stack: str, severity: str, message: str) -> None:
        """Tell what the engine or the program says."""
        prefix = "" if severity.startswith("info") else f"{severity}: "
        console.progress(f"[{stack}] {prefix}{message}")

    def end(self, report: "StackReport") -> None:
        """Tell how a stack ended."""
        word = _PAST.get(self._operation, "done") if report.state == "succeeded" else report.state
        note = report.note or summary(report.changes)
        console.progress(f"[{report.stack}] {word}: {note} ({report.seconds:.1f} s)")


class SilentProgress:
    """Nothing but what the engine warns of: for commands whose result is not about changes."""

    def begin(self, stack: str, operation: "Operation") -> None:
        """Say that the engine starts."""
        console.progress(f"[{stack}] {operation} begins")

    def start(self, stack: str, step: "Step") -> None:
        """Say nothing."""

    def done(self, stack: str, step: "Step", total: int) -> None:
        """Say nothing."""

    def failed(self, stack: str, step: "Step") -> None:
        """Tell a step that failed."""
        console.progress(f"[{stack}] ! {step.operation} failed: {step.type} {step.name}")

    def says(self, stack: str, severity: str, message: str) -> None:
        """Tell errors of the engine or of the program; what policies found is the command's result."""
        if severity == "error":
            console.progress(f"[{stack}] {severity}: {message}")

    def end(self, report: "StackReport") -> None:
        """Say nothing: the result tells."""


@dataclass(slots=True)
class _Row:
    operation: str = ""
    began: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    state: str = "working"
    total: int = 0
    changed: int = 0
    work: dict[str, tuple["Step", float]] = field(default_factory=dict)
    note: str = ""


class LiveProgress:
    """A row per stack, with the resources that are being worked on."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may print in the middle of `render`
        self._rows: dict[str, _Row] = {}

    def begin(self, stack: str, operation: "Operation") -> None:
        """A new row."""
        with self._lock:
            self._rows[stack] = _Row(operation)

    def start(self, stack: str, step: "Step") -> None:
        """A resource more in work."""
        with self._lock:
            self._rows.setdefault(stack, _Row()).work[step.urn] = (step, time.monotonic())

    def done(self, stack: str, step: "Step", total: int) -> None:
        """A resource less in work."""
        with self._lock:
            row = self._rows.setdefault(stack, _Row())
            row.work.pop(step.urn, None)
            row.total = total
            row.changed += step.operation not in ("same", "read", "refresh")

    def failed(self, stack: str, step: "Step") -> None:
        """A resource that failed."""
        with self._lock:
            self._rows.setdefault(stack, _Row()).work.pop(step.urn, None)
        console.live_console().print(
            f"[{stack}] ! {step.operation} failed: {step.type} {step.name}", style="red", markup=False
        )

    def says(self, stack: str, severity: str, message: str) -> None:
        """A line above the table."""
        style = {"error": "red", "warning": "yellow"}.get(severity, "dim")
        console.live_console().print(f"[{stack}] {message}", style=style, markup=False, soft_wrap=True)

    def end(self, report: "StackReport") -> None:
        """The row's last word."""
        with self._lock:
            row = self._rows.setdefault(report.stack, _Row())
            row.state, row.seconds, row.work = report.state, report.seconds, {}
            row.note = report.note or summary(report.changes)

    def render(self) -> Any:
        """The table as it is now."""
        from rich.spinner import Spinner
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        now = time.monotonic()
        with self._lock:
            for name, row in self._rows.items():
                if row.seconds is None:
                    head: Any = Spinner("dots", text=f"{name}  {row.operation}")
                    note = f"{row.changed} changed, {row.total} done"
                else:
                    good = row.state == "succeeded"
                    head, note = Text(f"{'✓' if good else '!'} {name}", style="green" if good else "red"), row.note
                table.add_row(head, Text(note), Text(f"{row.seconds or now - row.began:.0f} s", style="dim"))
                for step, began in list(row.work.values())[:_SHOWN]:
                    line = f"    {sign(step.operation)} {step.type.removeprefix('azure-native:')} {step.name}"
                    table.add_row(
                        Text(line, style="dim"),
                        Text(step.operation, style="dim"),
                        Text(f"{now - began:.0f} s", style="dim"),
                    )
        return table
