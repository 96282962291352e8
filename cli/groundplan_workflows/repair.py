# SPDX-License-Identifier: Apache-2.0
"""Puts the state of the local target right after an engine was killed in the middle of an update.

The engine notes what it begins to create. Where it was killed before it knew the end, the note stands in the way of the next
update. The local provider remembers what it created for which URN and goes on from that, so the notes can go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from groundplan_workflows.backend import LocalBackend

if TYPE_CHECKING:
    from groundplan_workflows.project import Project
    from groundplan_workflows.session import Session
    from groundplan_workflows.targets import Target


def repair(project: Project, target: Target, environment: str, session: Session) -> list[str]:
    """Settle what a killed engine left half done; what was done, in words. The local target alone: elsewhere it is the user's."""
    backend = LocalBackend(project, environment)
    if target.server is None or not backend.has_pending(session.stack):
        return []
    begun = [
        f"{session.stack.name}: an interrupted update had begun to create {urn}; the next create goes on from it"
        for urn in backend.pending_creates(session.stack)
    ]
    arguments = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", session.engine.name]
    if session.config_file:
        arguments += ["--config-file", session.config_file]
    workspace = session.engine.workspace
    workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)
    return [*begun, f"{session.stack.name}: refreshed the state that an interrupted update had left"]
