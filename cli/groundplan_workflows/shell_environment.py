# SPDX-License-Identifier: Apache-2.0
"""What `groundplan local env` prints: the local target for a user's own shell, and the way back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from groundplan_workflows import environment, local, proxy_environment, shells, toolchain

if TYPE_CHECKING:
    from groundplan_workflows.project import Project
    from groundplan_workflows.toolchain import Progress

Variables = dict[str, str | None]
"""Values by name; None takes a variable out."""

_FIRST_ENVIRONMENT = "dev"


def variables(project: Project, progress: Progress, *, proxy: bool = False) -> Variables:
    """What sends a shell's clients to Azure on localhost, started if need be; with `proxy`, those that know only Azure's own hosts."""
    engine = toolchain.install(progress)
    environment.ensure_passphrase(project)
    server = local.start(project, progress=progress).server
    before = environment.original(os.environ)
    added = environment.local_path(project, toolchain.folders(project, engine))
    result: Variables = dict(environment.local_variables(project, server, before))
    taken_out = set(environment.CONFLICTING)
    if proxy:
        result |= proxy_environment.variables(server, before)
        proxy_environment.save_upstream(server, before)
        result = {name: value for name, value in result.items() if name not in proxy_environment.CONFLICTING}
        taken_out |= set(proxy_environment.CONFLICTING)
    result["PATH"] = os.pathsep.join([*added, before.get("PATH", os.defpath)])
    result |= {name: None for name in sorted(taken_out) if name in before and name not in result}
    saved = {name: before.get(name) for name in result if name != "PATH"}
    # evaluated before with other options: what it set then, and does not now, is as it was
    earlier = environment.read_saved(os.environ)
    for name, value in earlier.variables.items() if earlier else ():
        result.setdefault(name, value)
    result[environment.SAVED] = environment.Saved(saved, added).dump()
    _make_stacks(project, progress)
    return result


def variables_unset() -> Variables:
    """What takes it back in this shell; empty where it was never evaluated in it."""
    saved = environment.read_saved(os.environ)
    if saved is None:
        return {}
    path = environment.strip_path(os.environ.get("PATH", ""), saved.path)
    return {**saved.variables, "PATH": path, environment.SAVED: None}


def script(values: Variables, shell: str | None) -> str:
    """Assignments in the words of a shell: the one named, or the user's."""
    return shells.assignments(shells.check(shell) if shell else shells.detect(os.environ.get("SHELL")), values)


def _make_stacks(project: Project, progress: Progress) -> None:
    """Make and select an empty stack where a program has none yet, so that a plain `pulumi up` has one to work on."""
    new = [
        stack
        for stack in project.stacks
        if not any((project.state / ".pulumi" / "stacks" / stack.project).glob("*.json"))
    ]
    if not new:
        return
    # the Automation API takes half a second to import: only where it is needed
    from groundplan_workflows import session, targets

    target = targets.prepare_local(project, progress)
    for stack in new:
        known = stack.environments()
        chosen = _FIRST_ENVIRONMENT if _FIRST_ENVIRONMENT in known else next(iter(known), None)
        if chosen is not None:
            session.open_stack(project, target, chosen, stack)
            progress(f"made the empty stack {chosen!r} of {stack.name}")
