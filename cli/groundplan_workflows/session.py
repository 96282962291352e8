# SPDX-License-Identifier: Apache-2.0
"""One stack of a project, opened on a target with Pulumi's Automation API."""

from __future__ import annotations

import json
import re
import signal
import warnings
from collections import defaultdict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from pulumi.automation import LocalWorkspace
from pulumi.automation import Stack as EngineStack
from pulumi.automation.errors import CommandError, StackNotFoundError

from groundplan_workflows.backend import LocalBackend, read_config
from groundplan_workflows.events import NOISE

if TYPE_CHECKING:
    from groundplan_workflows.project import Project, Stack
    from groundplan_workflows.targets import Target


# an engine that is killed breaks its stream of events; what came of it we say ourselves
warnings.filterwarnings("ignore", message="Error in event stream", module=r"pulumi\.automation")


_selecting: defaultdict[str, Lock] = defaultdict(Lock)
"""The engine keeps one selected stack per folder: instances of one program are opened one after the other."""


@dataclass(frozen=True, slots=True)
class Session:
    """A stack, selected in the engine and ready to be worked on."""

    stack: Stack
    engine: EngineStack
    config_file: str | None
    """The configuration to work with; None for the project's own file."""
    beside: LocalWorkspace
    """Where the engine may write its configuration: not in the project's folder on the local target."""

    def outputs(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """What the stack exports; secrets are `[secret]` unless they are asked for."""
        arguments = ["stack", "output", "--json", "--stack", self.engine.name]
        if show_secrets:
            arguments.append("--show-secrets")
        workspace = self.engine.workspace
        answer = workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)
        return json.loads(answer.stdout or "{}")


def open_stack(project: Project, target: Target, environment: str, stack: Stack) -> Session:
    """Create the stack where it does not exist, and select it.

    On the local target the engine works with a copy of the configuration: the project's files are only read. On Azure it is
    Pulumi as ever: a new stack writes its secrets provider into `Pulumi.<environment>.yaml`, which belongs in version control.
    """
    with _selecting[str(stack.folder)]:
        return _open(project, target, environment, stack)


def _open(project: Project, target: Target, environment: str, stack: Stack) -> Session:
    workspace = LocalWorkspace(work_dir=str(stack.folder), env_vars=target.variables, pulumi_command=target.command)
    if target.name == "azure":
        read_config(stack, environment)
        return Session(stack, EngineStack.create_or_select(stack.state(environment), workspace), None, workspace)
    backend = LocalBackend(project, environment)
    config = backend.prepare(stack)
    folder = str(backend.workspace(stack))
    beside = LocalWorkspace(work_dir=folder, env_vars=target.variables, pulumi_command=target.command)
    if not backend.checkpoint(stack).is_file():
        beside.create_stack(stack.state(environment))
    # selected in the project's folder, so that a plain `pulumi up` there finds the same stack
    return Session(stack, EngineStack.select(stack.state(environment), workspace), str(config), beside)


def find_stack(project: Project, target: Target, environment: str, stack: Stack) -> Session | None:
    """The stack if it exists; nothing is created."""
    if target.name == "local" and not LocalBackend(project, environment).checkpoint(stack).is_file():
        return None
    workspace = LocalWorkspace(work_dir=str(stack.folder), env_vars=target.variables, pulumi_command=target.command)
    try:
        return Session(stack, EngineStack.select(stack.state(environment), workspace), None, workspace)
    except StackNotFoundError:
        return None


def recorded_outputs(project: Project, target: Target, environment: str, stack: Stack) -> dict[str, Any]:
    """What the stack exported at its last update; empty where it is not up. Secrets are not in plain text."""
    if target.name == "local":
        # the state is ours to read: a tenth of the time that the engine takes
        return LocalBackend(project, environment).outputs(stack)
    opened = find_stack(project, target, environment, stack)
    return opened.outputs() if opened else {}


def explain(error: CommandError) -> str:
    """What the engine said of its failure, in a few lines; how it ended where it said nothing."""
    text = str(error)
    said = [line.rstrip() for line in text.partition("stderr:")[2].splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in said if not any(noise in line for noise in NOISE)]
    if errors:
        return "\n".join(errors[-12:])
    found = re.search(r"code: (-?\d+)", text)
    code = int(found[1]) if found else 0
    how = f"was ended by {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"ended with code {code}"
    return f"the engine {how}; run the same command again to go on from here"
