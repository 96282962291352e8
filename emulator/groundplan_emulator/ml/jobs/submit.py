# SPDX-License-Identifier: Apache-2.0
"""Jobs that the service makes itself: steps and trials, runs of schedules, batch scoring."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml.jobs.states import JOBS, announce
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.jobs import Jobs


class _Trusted(Jobs):
    """Jobs as clients put them, but what they refer to is not looked up: their executor knows better."""

    type: ClassVar[str] = JOBS

    def check(self, write: Write) -> None:
        pass


def submit(
    ctx: Context, workspace: Resource, name: str, properties: dict[str, Any], *, private: dict[str, Any] | None = None
) -> Resource:
    """Put a job into the store, inside of the caller's transaction; the runner starts it once that is committed.

    `properties` are those of a client's PUT, with `jobType`. `private` goes over what `states` tells: `executor` names one of
    `executors.EXECUTORS` that is no public job type (the job is then not checked as a client's), `parent` the job above. What an executor
    needs besides may be there too. Raises `ArmError` as a PUT does, and where the name is taken.
    """
    id_ = ResourceId.parse(f"{workspace.id}/jobs/{name}")
    given = private or {}
    armtype = (_Trusted if "executor" in given else Jobs)(ctx.registry.catalog.by_arm_type(JOBS))
    if ctx.get(id_.key) is not None:
        raise conflict("JobAlreadyExists", f"There is a job named '{name}' already.", target="name")
    # an api-version of its own: what the published schema does not know of is kept, not refused
    request = Request("PUT", id_.id, "api-version=service", {}, b"", ctx.settings.https)
    inner = Context(ctx.store, ctx.clock, ctx.settings, ctx.registry, request)
    job = lifecycle.prepare(inner, armtype, id_, {"properties": dict(properties)}, None)
    job.private.update(given)
    ctx.store.put(job, id_.parent_id)
    announce(ctx, job)
    return job
