# SPDX-License-Identifier: Apache-2.0
"""Jobs: submitted by a PUT, run by `ml.jobs`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Write, action
from groundplan_emulator.ml.jobs import admission, states, view
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.assets import NAME
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES, MachineLearningType, user_error

CHANGEABLE = ("tags", "displayName", "description", "isArchived", "properties")


class Jobs(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/jobs: command, sweep and pipeline jobs, which really run.

    Differs from Azure:
    - AutoML, Spark and other types are refused, and in pipelines parallel nodes and control flow
    - a job is one process on this machine, whatever its nodes and distribution; images are not run, the Python packages of environments are
    - a cluster has its nodes at once; the rest of its limits holds
    - the answer has no output named `default`: clients find a run's artifacts without it
    - steps and trials, which lists leave out, can be read, streamed and cancelled like any job
    - only low-priority nodes, and steps with `retry_settings`, start a job again
    """

    type: ClassVar[str] = f"{WORKSPACES}/jobs"
    name_rule: ClassVar[NameRule | None] = NAME

    def check(self, write: Write) -> None:
        """Only descriptions of a submitted job change; what a new one refers to is there."""
        if write.old is None:
            admission.check(write)
            return
        shown = view.view(write.ctx, write.old)["properties"]
        changed = [
            name
            for name, value in write.properties.items()
            if name in shown
            and name not in CHANGEABLE
            and value != shown[name]
            and value != write.old_properties.get(name)
        ]
        if changed:
            raise user_error(
                f"There is a job of this name already: '{write.id.name}' was submitted with another value of {', '.join(changed)},"
                f" which never changes. Of a submitted job only {', '.join(CHANGEABLE)} can be updated; to run something else, submit it"
                " under another name.",
                f"properties.{changed[0]}",
            )

    def fill(self, write: Write) -> None:
        """Defaults of the service; what a job was submitted with stays."""
        for name, value in write.old_properties.items():
            if name not in CHANGEABLE or name not in write.properties:
                write.properties[name] = value
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
        write.private.setdefault("executor", write.properties["jobType"])
        write.private.setdefault("at", {"NotStarted": write.ctx.clock.now()})

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The runner picks a new one up."""
        if created:
            states.announce(ctx, resource)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """Status, services, outputs and what the service noted."""
        return view.view(ctx, resource)

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Without steps and trials, the newest first; `jobType` and `tag` choose."""
        return view.listed(ctx, super().listed(ctx, found))

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Steps and trials go with their job."""
        for job in ctx.children(resource.id.rsplit("/jobs/", 1)[0], self.type):
            if job.private.get("parent") == resource.name:
                ctx.delete(job)

    @action("cancel")
    def cancel(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """End a job that has not ended."""
        if states.ended(resource):
            raise conflict("Conflict", f"Job '{resource.name}' has ended already: {resource.private['status']}.")
        states.cancel(ctx, resource)
        return Response(200)
