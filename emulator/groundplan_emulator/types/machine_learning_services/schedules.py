# SPDX-License-Identifier: Apache-2.0
"""Schedules of jobs, monitors and batch endpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action
from groundplan_emulator.ml.schedules import actions, diary, service, triggers
from groundplan_emulator.ml.schedules.triggers import TriggerError
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.assets import NAME
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType, user_error

TRIGGER = "properties.trigger"


class Schedules(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/schedules: they submit jobs when the emulator's clock says so.

    Differs from Azure:
    - where several times were passed at once (the clock was advanced, the emulator was stopped) one job is submitted, for the last of them
    - a recurrence of minutes or hours takes no notice of a pattern; Azure documents patterns for days, weeks and months only
    - the name of a job is its display name as Azure documents it, `SCHEDULE-20260131T120000Z`
    - schedules that import data are refused
    """

    type: ClassVar[str] = f"{WORKSPACES}/schedules"
    name_rule: ClassVar[NameRule | None] = NAME
    seconds: ClassVar[Seconds] = Seconds(create=2, update=2, delete=2)

    def check(self, write: Write) -> None:
        """A trigger that can be, an action that can be carried out."""
        trigger: dict[str, Any] = write.properties["trigger"]
        now = write.ctx.clock.now()
        try:
            understood = triggers.understand(trigger, now)
        except TriggerError as error:
            raise user_error(str(error), f"{TRIGGER}.{error.path}") from None
        if understood.end < now and write.old_properties.get("trigger") != trigger:
            raise user_error(
                f"The end time '{trigger['endTime']}' has passed: the schedule would never run.", f"{TRIGGER}.endTime"
            )
        chosen: dict[str, Any] = write.properties["action"]
        actions.find(chosen).check(write, chosen)

    def fill(self, write: Write) -> None:
        """Defaults of the service, and when it is due."""
        properties = write.properties
        for name, value in (("isEnabled", True), ("displayName", write.id.name), ("properties", {}), ("tags", {})):
            properties.setdefault(name, value)
        properties["trigger"].setdefault("timeZone", "UTC")
        diary.plan(write, properties["trigger"], enabled=bool(properties["isEnabled"]))

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The service waits for it."""
        diary.enter(ctx, resource)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Only a disabled one is deleted."""
        if resource.properties.get("isEnabled", True):
            raise user_error(
                f"Schedule '{resource.name}' is enabled: disable it before you delete it.", "properties.isEnabled"
            )

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Nobody waits for it any more."""
        diary.strike(ctx, resource.key)

    @action("trigger")
    def trigger(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """Run it once, now, whatever its trigger says."""
        if not resource.properties.get("isEnabled", True):
            raise user_error(f"Schedule '{resource.name}' is disabled: enable it first.", "properties.isEnabled")
        given = body.get("scheduleTime")
        try:
            at = datetime.fromisoformat(str(given)).timestamp() if given else ctx.clock.now()
        except ValueError:
            raise user_error(f"'{given}' is no time such as '2026-01-31T12:00:00+00:00'.", "scheduleTime") from None
        job = service.trigger_now(ctx, resource, at)
        ctx.save(resource)
        kind = resource.properties["action"]["actionType"]
        return Response(200, {"submissionId": job.name, "scheduleActionType": kind})
