# SPDX-License-Identifier: Apache-2.0
"""Stacks go up, are previewed, refreshed and destroyed, in the order of their dependencies, independent ones in parallel."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from pulumi.automation.errors import CommandError, ConcurrentUpdateError

from groundplan_workflows import contract_check, logs, repair, session
from groundplan_workflows.backend import LocalBackend, read_config
from groundplan_workflows.engine_command import ShowingUnchanged
from groundplan_workflows.errors import CancelledError, DeploymentError, UsageError, WorkflowError
from groundplan_workflows.events import Recorder
from groundplan_workflows.report import Report, StackReport

if TYPE_CHECKING:
    from collections.abc import Collection, Generator
    from types import FrameType

    from groundplan_workflows.events import Watcher
    from groundplan_workflows.policy.in_engine import EnginePacks
    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.report import Operation
    from groundplan_workflows.session import Session
    from groundplan_workflows.targets import Target

_PARALLEL = 4
"""Stacks at once; the engine itself works on many resources at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do with which stacks, where."""

    operation: Operation
    project: Project
    stacks: tuple[Stack, ...]
    environment: str
    target: Target
    refresh: bool = False
    """up, preview and destroy: look first at what really is there."""
    packs: EnginePacks | None = None
    """up and preview: the policy packs that the engine runs."""
    watcher: Watcher


def run(plan: Plan) -> Report:
    """Do it; what came of each stack, in the order of the project. Failures are in the report, not raised."""
    began = time.monotonic()
    reports = _Run(plan).everything()
    return Report(
        target=plan.target.name,
        environment=plan.environment,
        operation=plan.operation,
        stacks=[reports[stack.name] for stack in plan.stacks],
        seconds=time.monotonic() - began,
    )


def outputs(
    project: Project, stacks: tuple[Stack, ...], environment: str, target: Target, *, show_secrets: bool = False
) -> dict[str, dict[str, Any]]:
    """What stacks export, by stack. UsageError where one was never brought up."""
    found: dict[str, dict[str, Any]] = {}
    for stack in stacks:
        opened = session.find_stack(project, target, environment, stack)
        if opened is None:
            raise UsageError(
                f"stack {stack.name} does not exist for environment {environment!r} on target {target.name}; "
                f"bring it up: groundplan up {stack.name} --env {environment} --target {target.name}"
            )
        found[stack.name] = opened.outputs(show_secrets=show_secrets)
    return found


def check(project: Project, stacks: tuple[Stack, ...], environment: str) -> None:
    """UsageError where the configuration of a stack is missing or not valid; looked at before anything starts."""
    project.check_environment(stacks, environment)
    contract_check.check_declared(project)
    for stack in stacks:
        config = read_config(stack, environment)
        contract_check.check_stack(project, stack, environment, config.get("config") or {})


@dataclass(slots=True)
class _Run:
    """One run of a plan."""

    plan: Plan
    reports: dict[str, StackReport] = field(default_factory=dict)

    def everything(self) -> dict[str, StackReport]:
        """Work through the graph of stacks."""
        order = self._order()
        running: dict[Future[StackReport], str] = {}
        with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="stack") as pool, self._interruptible():
            while order.is_active():
                for name in order.get_ready():
                    running[pool.submit(self._one, self._stack(name))] = name
                # short waits: a signal is handled between them
                finished, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in finished:
                    name = running.pop(future)
                    self.reports[name] = future.result()
                    order.done(name)
        return self.reports

    def _order(self) -> TopologicalSorter[str]:
        """Which stack waits for which; reversed for destroy. Only those of the plan count."""
        chosen = {stack.name for stack in self.plan.stacks}
        order: TopologicalSorter[str] = TopologicalSorter()
        for stack in self.plan.stacks:
            order.add(stack.name)
            for needed in chosen.intersection(stack.requires):
                if self.plan.operation == "destroy":
                    order.add(needed, stack.name)
                else:
                    order.add(stack.name, needed)
        order.prepare()
        return order

    def _stack(self, name: str) -> Stack:
        return next(stack for stack in self.plan.stacks if stack.name == name)

    def _before(self, stack: Stack) -> list[str]:
        """The stacks of the plan that come before this one."""
        if self.plan.operation == "destroy":
            return [other.name for other in self.plan.stacks if stack.name in other.requires]
        return [name for name in stack.requires if name in self.reports]

    @contextmanager
    def _interruptible(self) -> Generator[None]:
        """Ctrl-C and SIGTERM ask the engines to stop in order, once; a second and third time, harder."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupt(_number: int, _frame: FrameType | None) -> None:
            count = self.plan.target.command.interrupt()
            said = {1: "stopping: waiting for what has begun (Ctrl-C again: stop at once)", 2: "stopping at once"}
            self.plan.watcher.says("groundplan", "warning", said.get(count, "ending the engine by force"))

        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, interrupt) for number in numbers}
        try:
            yield
        finally:
            for number in numbers:
                signal.signal(number, before[number])

    def _one(self, stack: Stack) -> StackReport:
        report = self._passed_over(stack) or self._worked_on(stack)
        self.plan.watcher.end(report)
        return report

    def _passed_over(self, stack: Stack) -> StackReport | None:
        """A report where the stack is not to be worked on."""
        if self.plan.target.command.interrupted:
            return StackReport(stack=stack.name, state="cancelled", note="not begun")
        for name in self._before(stack):
            state = self.reports[name].state
            if state == "waiting":
                return StackReport(stack=stack.name, state="waiting", note=f"needs {name}, which is not up yet")
            if state != "succeeded":
                return StackReport(stack=stack.name, state="skipped", note=f"{name} did not succeed")
        return None

    def _worked_on(self, stack: Stack) -> StackReport:
        plan = self.plan
        began = time.monotonic()
        report = StackReport(stack=stack.name, state="succeeded")
        with logs.open_log(plan.project, f"{plan.operation}-{stack.slug}") as log:
            recorder = Recorder(stack.name, plan.watcher, log.write)
            report.log = log.path
            try:
                report.note = self._work(stack, recorder, log, report)
                if report.note:
                    report.state = "waiting"
            except CommandError as error:
                self._failed(stack, report, recorder, error)
            except UsageError as error:
                report.state, report.errors = "misconfigured", [str(error)]
            except WorkflowError as error:
                report.state, report.errors = "failed", [str(error)]
            report.changes, report.steps = recorder.changes, recorder.steps
        report.seconds = time.monotonic() - began
        return report

    def _work(self, stack: Stack, recorder: Recorder, log: logs.Log, report: StackReport) -> str:
        """Let the engine do it. Returns why it must wait, if it must."""
        plan = self.plan
        if plan.target.name == "local":
            backend = LocalBackend(plan.project, plan.environment)
            for line in (*backend.clear_dead_locks(stack), *backend.restore(stack)):
                plan.watcher.says(stack.name, "info", line)
        if plan.operation == "destroy":
            opened = session.find_stack(plan.project, plan.target, plan.environment, stack)
            if opened is None:
                return ""
            if plan.target.name == "local":
                opened = session.open_stack(plan.project, plan.target, plan.environment, stack)
        else:
            opened = session.open_stack(plan.project, plan.target, plan.environment, stack)
        if plan.operation != "preview":
            for line in repair.repair(
                plan.project, plan.target, plan.environment, opened, adopt=plan.operation == "destroy"
            ):
                plan.watcher.says(stack.name, "info", line)
        elif waits := self._waits(stack):
            return waits
        if plan.operation in ("up", "preview"):
            self._check_needed(stack)
        plan.watcher.begin(stack.name, plan.operation)
        report.outputs = self._engine(stack, opened, recorder, log)
        return ""

    def _waits(self, stack: Stack) -> str:
        """Why a preview must wait: a stack whose outputs it reads is not up."""
        plan = self.plan
        for other in plan.project.needed_by(stack, plan.environment):
            if not session.recorded_outputs(plan.project, plan.target, plan.environment, other):
                return (
                    f"reads outputs of {other.name}, which is not up yet: it can be previewed after "
                    f"groundplan up {other.name} --env {plan.environment} --target {plan.target.name}"
                )
        return ""

    def _check_needed(self, stack: Stack) -> None:
        """UsageError where a stack that it reads has not exported what its contract says."""
        plan = self.plan

        def recorded(other: Stack) -> dict[str, Any]:
            return session.recorded_outputs(plan.project, plan.target, plan.environment, other)

        contract_check.check_recorded(plan.project, stack, plan.environment, plan.target.name, recorded)

    def _engine(self, stack: Stack, opened: Session, recorder: Recorder, log: logs.Log) -> dict[str, Any]:
        """What the stack exports after an up."""
        common: dict[str, Any] = {
            "on_event": recorder,
            "on_output": log.write,
            "on_error": log.write,
            "color": "never",
            "config_file": opened.config_file,
            "suppress_progress": True,
        }
        packs = self._packs(stack, opened)
        match self.plan.operation:
            case "up":
                done = opened.engine.up(
                    **common, **packs, show_secrets=False, refresh=self.plan.refresh or None, suppress_outputs=True
                )
                return {name: "[secret]" if found.secret else found.value for name, found in done.outputs.items()}
            case "preview":
                opened.engine.preview(**common | packs, refresh=self.plan.refresh or None, suppress_outputs=True)
            case "refresh":
                opened.engine.refresh(**common, show_secrets=False)
            case "destroy":
                opened.engine.destroy(**common, show_secrets=False, refresh=self.plan.refresh or None)
        return {}

    def _packs(self, stack: Stack, opened: Session) -> dict[str, Any]:
        """Arguments that have the engine run the policy packs, where there are any."""
        chosen = self.plan.packs
        if chosen is None or not chosen.folders:
            return {}
        workspace = opened.engine.workspace
        workspace.env_vars = {**workspace.env_vars, **chosen.variables(stack)}
        arguments: dict[str, Any] = {"policy_packs": [str(each) for each in chosen.folders]}
        if chosen.records is not None and self.plan.operation == "preview":
            # Pulumi's account of the preview is what knows the lines of the program
            workspace.pulumi_command = ShowingUnchanged(self.plan.target.command)
            arguments |= {"json": True, "on_output": lambda line: chosen.take(stack, line)}
        return arguments

    def _failed(self, stack: Stack, report: StackReport, recorder: Recorder, error: CommandError) -> None:
        report.errors = recorder.errors or [session.explain(error)]
        if self.plan.target.command.interrupted:
            report.state, report.note = "cancelled", "interrupted; run the same command again to go on from here"
        elif recorder.violated:
            report.state = "violated"
        elif any(said.startswith(stack.config(self.plan.environment).name) for said in report.errors):
            # programs name the file first when they refuse their configuration
            report.state = "misconfigured"
        else:
            report.state = "failed"
        text = str(error)
        if isinstance(error, ConcurrentUpdateError):
            said = (
                f"another update of {stack.name} is going on; wait for it. Where it is known to be dead: "
                f"pulumi cancel --stack {stack.state(self.plan.environment)} in {stack.folder}"
            )
            report.errors = [said]
        elif "incorrect passphrase" in text:
            said = (
                f"the passphrase does not open the encrypted values of {stack.name}: put the right one back into the file of "
                "PULUMI_CONFIG_PASSPHRASE_FILE (local target: .groundplan/state/passphrase), "
                "or, on the local target, start over: groundplan local reset --yes"
            )
            report.state, report.errors = "misconfigured", [said]


def raise_unless_done(report: Report, *, besides: Collection[str] = ()) -> None:
    """DeploymentError, with what the engine said, where a stack did not succeed; CancelledError after an interrupt.

    `besides`: stacks that may have been passed over.
    """
    if report.state == "cancelled":
        raise CancelledError("interrupted")
    for stack in report.stacks:
        if stack.state not in ("succeeded", "waiting") and stack.stack not in besides:
            said = "\n".join(stack.errors) or stack.note
            raise DeploymentError(f"{report.operation} of {stack.stack}: {stack.state}: {said}", log=stack.log)
