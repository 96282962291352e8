# SPDX-License-Identifier: Apache-2.0
"""Connections of a workspace to other services."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Write, action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType, workspace_of

CREDENTIALS = "properties.credentials"
WITHOUT = {"None", "AAD", "ManagedIdentity"}


class Connections(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/connections: credentials go in and come out of `listsecrets` only.

    Differs from Azure:
    - connections of a hub are not listed in its projects
    - the target is not called
    """

    type: ClassVar[str] = f"{WORKSPACES}/connections"
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,254}",
        "3 to 255 letters, digits, hyphens and underscores, starting with a letter or digit",
    )
    required: ClassVar[tuple[str, ...]] = ("properties.category", "properties.authType")
    write_only: ClassVar[tuple[str, ...]] = (CREDENTIALS,)
    created_status: ClassVar[int] = 200

    def fill(self, write: Write) -> None:
        """Who may use it, and where it was made."""
        write.properties.setdefault("isSharedToAll", False)
        write.properties.setdefault("metadata", {})
        write.properties["createdByWorkspaceArmId"] = workspace_of(write.ctx, write.id.id).id
        if write.properties["authType"] not in WITHOUT and write.old is not None and CREDENTIALS in write.old.private:
            write.properties.setdefault("credentials", write.old.private[CREDENTIALS])

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """Credentials are never shown."""
        return {**resource.body, "properties": {**resource.properties, "credentials": None}}

    @action("listsecrets")
    def list_secrets(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The connection with its credentials."""
        properties = {**resource.properties, "credentials": resource.private.get(CREDENTIALS)}
        return Response(200, {**resource.body, "properties": properties})
