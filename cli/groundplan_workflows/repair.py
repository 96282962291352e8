# SPDX-License-Identifier: Apache-2.0
"""Puts the state of the local target right after an engine was killed in the middle of an update.

The engine notes what it begins to create. Where it was killed before it knew the end, the note stands in the way of the next
update. The local provider remembers what it created for which URN and goes on from that, so the notes can go. Before a destroy
they are settled another way: what exists is taken into the state first, so that it is deleted with the rest.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import groundplan_arm
from groundplan_workflows.backend import LocalBackend

if TYPE_CHECKING:
    from groundplan_emulator.process import Server
    from groundplan_workflows.backend import PendingCreate
    from groundplan_workflows.project import Project
    from groundplan_workflows.session import Session
    from groundplan_workflows.targets import Target


def repair(project: Project, target: Target, environment: str, session: Session, *, adopt: bool) -> list[str]:
    """Settle what a killed engine left half done; what was done, in words. The local target alone: elsewhere it is the user's.

    `adopt` takes what it had created into the state; otherwise the next create goes on from it.
    """
    backend = LocalBackend(project, environment)
    if target.server is None or not backend.has_pending(session.stack):
        return []
    pending = backend.pending_creates(session.stack)
    if adopt:
        _adopt(session, {each.urn: existing_id(each, target.server) for each in pending})
    if backend.has_pending(session.stack):
        _forget(session)
    end = "" if adopt else "; the next create goes on from it"
    return [f"{session.stack.name}: an interrupted update had begun to create {each.urn}{end}" for each in pending] + [
        f"{session.stack.name}: settled the state that an interrupted update had left"
    ]


def _adopt(session: Session, found: dict[str, str | None]) -> None:
    """Make resources of the notes whose id is known. Pulumi 3.230 has a flag for it (`refresh --import-pending-creates`),
    which drops them."""
    state = session.beside.export_stack(session.engine.name)
    content = cast("dict[str, Any]", state.deployment)
    notes: list[dict[str, Any]] = content.get("pending_operations") or []
    for note in notes:
        identifier = found.get(note["resource"]["urn"])
        if note["type"] == "creating" and identifier:
            content["resources"].append({**note["resource"], "id": identifier})
    content["pending_operations"] = [note for note in notes if not found.get(note["resource"]["urn"])]
    session.beside.import_stack(session.engine.name, state)


def _forget(session: Session) -> None:
    """Drop the notes, and look at what really is there."""
    arguments = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", session.engine.name]
    if session.config_file:
        arguments += ["--config-file", session.config_file]
    workspace = session.engine.workspace
    workspace.pulumi_command.run(arguments, workspace.work_dir, workspace.env_vars)


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
    # never through a proxy of the user's environment
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10):
            return identifier
    except urllib.error.HTTPError as error:
        if error.code in (404, 405):
            return None
        raise
