# SPDX-License-Identifier: Apache-2.0
"""Batch endpoints."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action
from groundplan_emulator.ml.batch import answers, invocations
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoint_keys, endpoints
from groundplan_emulator.types.machine_learning_services.service import (
    WORKSPACES,
    MachineLearningType,
    user_error,
)


class BatchEndpoints(endpoint_keys.EndpointKeys, MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/batchEndpoints: invoked at their scoring URI, they start jobs.

    Differs from Azure:
    - the scoring URI is an address of the emulator's, whose first segment is a host name with `batch` in it
    """

    type: ClassVar[str] = f"{WORKSPACES}/batchEndpoints"
    api_versions: ClassVar[tuple[str, ...]] = ("2020-09-01-dataplanepreview",)
    """Of the list of jobs."""
    name_rule: ClassVar[NameRule | None] = endpoints.NAME
    required: ClassVar[tuple[str, ...]] = ("properties.authMode",)
    immutable: ClassVar[tuple[str, ...]] = ("properties.authMode",)
    write_only: ClassVar[tuple[str, ...]] = (endpoint_keys.KEYS,)
    seconds: ClassVar[Seconds] = Seconds(create=5, update=5, delete=5)

    def check(self, write: Write) -> None:
        """A free name, and a default deployment that exists."""
        if write.old is None:
            endpoints.refuse_taken(write, self.type)
        chosen = (write.properties.get("defaults") or {}).get("deploymentName")
        if chosen and write.ctx.get(f"{write.id.id}/deployments/{chosen}") is None:
            raise user_error(f"The default deployment '{chosen}' does not exist.", "properties.defaults.deploymentName")

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        write.properties.setdefault("properties", {})
        if write.old is None:
            write.private["born"] = write.ctx.clock.now()

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """Where its jobs are started, and `defaults` even where none is chosen: users set a field of it."""
        host = f"{resource.name.lower()}.{resource.body['location']}.batch.inference.ml.core.local"
        uris = {"scoringUri": f"{ctx.settings.https}/{host}/jobs", "swaggerUri": None}
        defaults = resource.properties.get("defaults") or {"deploymentName": None}
        return {**resource.body, "properties": {**resource.properties, **uris, "defaults": defaults}}

    @action("jobs", "GET")
    def jobs(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The jobs that it started, newest first."""
        return lifecycle.page(ctx, [answers.job(ctx, each) for each in invocations.jobs_of(ctx, resource)])
