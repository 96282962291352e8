# SPDX-License-Identifier: Apache-2.0
"""The whole way on a throw-away Azure on localhost, each step with what was expected and what was found.

Two of the stacks that come with Groundplan are copied into a temporary project: nothing of the user's is touched.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan_emulator import ports
from groundplan_workflows import environment, local, programs, project, provision, repository, targets
from groundplan_workflows.errors import CancelledError, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Callable

    from groundplan_workflows.events import Watcher
    from groundplan_workflows.project import Project
    from groundplan_workflows.report import Operation, Report
    from groundplan_workflows.targets import Target
    from groundplan_workflows.toolchain import Progress

ENVIRONMENT = "dev"
STACKS = ("0-foundation", "1-workspace")
LEAST_RESOURCES = 30
WORKSPACE = "workspace"
CHANGED_FILE = f"Pulumi.{ENVIRONMENT}.yaml"
CHANGED_KEY = ("config", "groundplan-workspace:cluster", "maxNodes")
_SDK_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what was expected, what was found, whether that is good."""

    name: str
    expected: str
    found: str
    good: bool
    seconds: float


@dataclass(slots=True)
class Outcome:
    """What came of the demo."""

    home: Path
    """The temporary project; it stays where a step failed."""
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether every expectation was met."""
        return all(step.good for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        steps = [
            {
                "name": step.name,
                "ok": step.good,
                "expected": step.expected,
                "found": step.found,
                "seconds": round(step.seconds, 2),
            }
            for step in self.steps
        ]
        return {"target": "local", "ok": self.good, "seconds": round(self.seconds, 2), "steps": steps}


class _Unmet(Exception):  # noqa: N818  # not an error of the program: an expectation
    """An expectation was not met; the text is what was found."""


def run(watcher: Watcher, progress: Progress) -> Outcome:
    """Do all steps, up to the first that is not as expected; the throw-away Azure is stopped in any case."""
    began = time.monotonic()
    # resolved: on macOS the temporary folder is behind a link, and Pulumi compares paths
    home = Path(tempfile.mkdtemp(prefix="groundplan-demo-")).resolve()
    outcome = Outcome(home)
    demo = _Demo(_copy(home), watcher, progress)
    try:
        for name, expected, step in demo.steps():
            progress(f"demo: {name} (expected: {expected})")
            if not _take(outcome, name, expected, step):
                break
    except CancelledError:
        shutil.rmtree(home, ignore_errors=True)
        raise
    finally:
        local.stop(demo.project)
    outcome.seconds = time.monotonic() - began
    if outcome.good:
        shutil.rmtree(home, ignore_errors=True)
    return outcome


def _copy(home: Path) -> Project:
    """The stacks that come with Groundplan, in a project of their own."""
    for name in STACKS:
        repository.copy_stack(name, home / programs.STACKS)
    return replace(project.here(home), home=home / project.HOME)


def _take(outcome: Outcome, name: str, expected: str, step: Callable[[], str]) -> bool:
    began = time.monotonic()
    try:
        found, good = step(), True
    except _Unmet as unmet:
        found, good = str(unmet), False
    except CancelledError:
        raise
    except WorkflowError as error:
        said = str(error).splitlines()
        short = said[0] if len(said) == 1 else f"{said[0]} ... {said[-1]}"
        found, good = short + (f" (log: {error.log})" if error.log else ""), False
    seconds = time.monotonic() - began
    outcome.steps.append(Step(name=name, expected=expected, found=found, good=good, seconds=seconds))
    return good


def _expect(condition: bool, found: str) -> str:
    if not condition:
        raise _Unmet(found)
    return found


class _Demo:
    def __init__(self, copy: Project, watcher: Watcher, progress: Progress) -> None:
        self.project = copy
        self.watcher = watcher
        self.progress = progress
        self.target: Target | None = None

    def steps(self) -> list[tuple[str, str, Callable[[], str]]]:
        """Name, expectation and action of each step, in order."""
        return [
            ("engine and Azure on localhost", "both start", self.prepare),
            ("up", f"{LEAST_RESOURCES} resources or more created", self.first_up),
            ("up again", "0 changes", self.second_up),
            ("preview of one changed setting", "exactly one update", self.changed_preview),
            ("Microsoft's azure-ai-ml", "finds the workspace and its compute", self.ask_sdk),
            ("a model behind an endpoint", "its own score.py answers", self.serve),
            ("destroy", "nothing left but soft-deleted entries", self.take_down),
            ("up under the same names", f"{LEAST_RESOURCES} resources or more created", self.first_up),
            ("destroy again", "nothing left but soft-deleted entries", self.take_down),
        ]

    def prepare(self) -> str:
        """Engine, Azure, and a Pulumi home of its own, so that the user's selections of stacks stay."""
        # not the default ports: they are for the user's own
        local.start(self.project, http_port=ports.any_free(), https_port=ports.any_free(), progress=self.progress)
        ready = targets.prepare_local(self.project, self.progress)
        variables = ready.variables | {"PULUMI_HOME": str(self.project.home / "pulumi")}
        self.target = replace(ready, variables=variables)
        return f"Pulumi {ready.command.version}, {ready.description.removeprefix('local ').strip('()')}"

    def first_up(self) -> str:
        """Create everything."""
        report = self._run("up")
        created = sum(stack.changes.get("create", 0) for stack in report.stacks)
        return _expect(
            created >= LEAST_RESOURCES and report.changed == created,
            f"{created} created in {len(report.stacks)} stacks",
        )

    def second_up(self) -> str:
        """Nothing is left to do."""
        report = self._run("up")
        same = sum(stack.changes.get("same", 0) for stack in report.stacks)
        return _expect(report.changed == 0, f"{report.changed} changes, {same} unchanged{_named(report)}")

    def changed_preview(self) -> str:
        """One setting of the cluster, and back."""
        path = self._workspace().config(ENVIRONMENT)
        before = path.read_text(encoding="utf-8")
        old, new = _change(path)
        try:
            report = self._run("preview")
        finally:
            path.write_text(before, encoding="utf-8")
        updates = sum(stack.changes.get("update", 0) for stack in report.stacks)
        found = f"{report.changed} change for {CHANGED_KEY[-1]} {old} -> {new}{_named(report)}"
        return _expect(report.changed == 1 and updates == 1, found)

    def ask_sdk(self) -> str:
        """What there is, as Microsoft's client sees it."""
        exported = self._exported()
        name, cluster = str(exported["workspaceName"]), str(exported["clusterName"])
        answer = self._user("sdk_look", exported)
        good = answer["workspace"] == name and name in answer["workspaces"] and cluster in answer["computes"]
        computes = ", ".join(f"{compute} ({kind})" for compute, kind in answer["computes"].items())
        return _expect(good, f"{answer['workspace']} in {answer['location']}, computes: {computes or 'none'}")

    def serve(self) -> str:
        """A model is registered, deployed and asked with Microsoft's client."""
        answer = self._user("sdk_serve", self._exported())
        found = f"{answer['model']} at {answer['endpoint']} says {json.dumps(answer['answer'])}"
        return _expect(answer["answer"] == {"price": 288000.0}, found)

    def _exported(self) -> dict[str, Any]:
        """The outputs of the workspace's stack."""
        workspace = self._workspace()
        return provision.outputs(self.project, (workspace,), ENVIRONMENT, self._ready())[workspace.name]

    def _user(self, module: str, exported: dict[str, Any]) -> dict[str, Any]:
        """What a program prints that has the variables of `groundplan local env` and nothing else."""
        target = self._ready()
        assert target.server is not None  # noqa: S101  # the local target has one
        variables = environment.local_variables(self.project, target.server, {})
        group, name = str(exported["resourceGroupName"]), str(exported["workspaceName"])
        done = subprocess.run(
            [sys.executable, "-P", "-m", f"groundplan_workflows.{module}", group, name],
            env=variables | {"PATH": target.variables["PATH"], "HOME": str(self.project.home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SDK_TIMEOUT,
            check=False,
        )
        if done.returncode != 0:
            log = self.project.logs / "sdk.log"
            log.write_text(done.stderr, encoding="utf-8")
            last = done.stderr.strip().splitlines()
            raise _Unmet(f"{last[-1] if last else 'no answer'} (log: {log})")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def take_down(self) -> str:
        """Delete everything, and ask Azure itself what is left."""
        report = self._run("destroy")
        deleted = sum(stack.changes.get("delete", 0) for stack in report.stacks)
        target = self._ready()
        assert target.server is not None  # noqa: S101  # the local target has one
        left = local.call(target.server, "GET", "status")
        kept = ", ".join(identifier.rpartition("/")[2] for identifier in left["soft_deleted"])
        found = f"{deleted} deleted, {sum(left['resources'].values())} left{_listed(left['ids'])}"
        return _expect(not left["ids"], found + (f"; soft-deleted: {kept}" if kept else ""))

    def _run(self, operation: Operation) -> Report:
        report = provision.run(
            provision.Plan(
                operation=operation,
                project=self.project,
                stacks=self.project.stacks,
                environment=ENVIRONMENT,
                target=self._ready(),
                watcher=self.watcher,
            )
        )
        provision.raise_unless_done(report)
        return report

    def _ready(self) -> Target:
        assert self.target is not None  # noqa: S101  # the first step sets it
        return self.target

    def _workspace(self) -> project.Stack:
        return self.project.select([WORKSPACE])[0]


def _named(report: Report) -> str:
    steps = [step for stack in report.stacks for step in stack.steps if step.operation not in ("read", "refresh")]
    return _listed([f"{step.operation} {step.type} {step.name}" for step in steps])


def _listed(names: list[str]) -> str:
    return f": {', '.join(names[:5])}{', ...' if len(names) > 5 else ''}" if names else ""


def _change(path: Path) -> tuple[int, int]:
    """Raise the setting by one; its old and new value."""
    from ruamel.yaml import YAML

    yaml = YAML()
    content: Any = yaml.load(path)
    section = content[CHANGED_KEY[0]][CHANGED_KEY[1]]
    old = int(section[CHANGED_KEY[2]])
    section[CHANGED_KEY[2]] = old + 1
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    return old, old + 1
