# SPDX-License-Identifier: Apache-2.0
"""Puts the state of the local target right after an engine was killed in the middle of an update.

The engine notes what it begins to create. Where it was killed before it knew the end, it would refuse to go on or create the
resource twice. Azure on localhost knows what exists: that is adopted into the state, the rest is forgotten.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import quote

import groundplan_arm
from groundplan_workflows.backend import LocalBackend

if TYPE_CHECKING:
    from groundplan_emulator.process import Server
    from groundplan_workflows.backend import PendingCreate
    from groundplan_workflows.project import Project
    from groundplan_workflows.session import Session
    from groundplan_workflows.targets import Target


def repair(project: Project, target: Target, environment: str, session: Session) -> list[str]:
    """Settle what a killed engine left half done; what was done, in words. The local target alone: elsewhere it is the user's."""
    backend = LocalBackend(project, environment)
    if target.server is None or not backend.has_pending(session.stack):
        return []
    done: list[str] = []
    adopted: list[str] = []
    for pending in backend.pending_creates(session.stack):
        found = existing_id(pending, target.server)
        if found:
            adopted += [pending.urn, found]
        done.append(
            f"{session.stack.name}: an interrupted update {'created' if found else 'did not create'} {pending.urn}"
        )
    arguments = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", session.engine.name]
    for value in adopted:
        arguments += ["--import-pending-creates", value]
    if session.config_file:
        arguments += ["--config-file", session.config_file]
    workspace = session.engine.workspace
    workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)
    done.append(f"{session.stack.name}: refreshed the state that an interrupted update had left")
    return done


def existing_id(pending: PendingCreate, server: Server) -> str | None:
    """The id of the resource whose creation was begun, if Azure on localhost has it."""
    try:
        kind = groundplan_arm.load().by_token(pending.type)
        identifier = kind.resource_id(pending.inputs, subscription_id=server.subscription_id)
    except (groundplan_arm.UnknownType, ValueError):
        return None
    request = urllib.request.Request(  # noqa: S310  # always http to 127.0.0.1
        f"{server.http}{quote(identifier)}?api-version={kind.api_version}",
        headers={"Authorization": "Bearer local"},
    )
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10):
            return identifier
    except urllib.error.HTTPError as error:
        if error.code in (404, 405):
            return None
        raise
