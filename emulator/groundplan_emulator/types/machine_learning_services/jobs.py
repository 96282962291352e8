# SPDX-License-Identifier: Apache-2.0
"""Jobs, as far as ARM knows them."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Write, action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.assets import NAME
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType

ENDED = ("Completed", "Canceled", "Failed")
CHANGEABLE = ("tags", "displayName", "description", "isArchived", "properties")


class Jobs(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/jobs: kept, listed, cancelled.

    Differs from Azure:
    - nothing runs: a job stays `NotStarted` until it is cancelled
    - environment, code and compute are not looked up
    """

    type: ClassVar[str] = f"{WORKSPACES}/jobs"
    name_rule: ClassVar[NameRule | None] = NAME

    def check(self, write: Write) -> None:
        """Only descriptions of a submitted job change."""
        before = {name: value for name, value in write.old_properties.items() if name not in CHANGEABLE}
        after = {name: value for name, value in write.properties.items() if name not in CHANGEABLE}
        changed = [name for name in after if name in before and after[name] != before[name]]
        if write.old is not None and changed:
            raise conflict(
                "PropertyChangeNotAllowed",
                f"Changing property 'properties.{changed[0]}' of a submitted job is not allowed.",
            )

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        defaults: dict[str, Any] = {
            "experimentName": "Default",
            "displayName": write.id.name,
            "isArchived": False,
            "properties": {},
            "tags": {},
        }
        for name, value in defaults.items():
            write.properties.setdefault(name, write.old_properties.get(name, value))
        write.private.setdefault("status", "NotStarted")

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """Status and the address of its page."""
        page = f"{ctx.settings.https}/studio/runs/{resource.name}"
        studio = {"jobServiceType": "Studio", "endpoint": page, "port": None, "status": None, "properties": {}}
        services = {**(resource.properties.get("services") or {}), "Studio": studio}
        status = resource.private.get("status", "NotStarted")
        return {**resource.body, "properties": {**resource.properties, "status": status, "services": services}}

    @action("cancel")
    def cancel(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """End a job that has not ended."""
        if resource.private.get("status") in ENDED:
            raise conflict("Conflict", f"Job '{resource.name}' has ended already: {resource.private['status']}.")
        resource.private["status"] = "Canceled"
        ctx.save(resource)
        return Response(200)
