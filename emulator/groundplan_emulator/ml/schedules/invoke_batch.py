# SPDX-License-Identifier: Apache-2.0
"""Schedules that start a job of a batch endpoint.

`endpointInvocationDefinition` has `endpointName` (or `endpointId`), may have `deploymentName`, and beside them the properties of an
invocation's body: `inputData`, `outputData` and so on, or `properties` with these. Azure's own schema leaves it open.
"""

from __future__ import annotations

from typing import Any, Final, cast

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml.batch import bodies, invocations
from groundplan_emulator.ml.schedules.actions import TARGET, Due
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import user_error, workspace_of

_DEFINITION: Final = f"{TARGET}.endpointInvocationDefinition"


def check(write: Write, action: dict[str, Any]) -> None:
    """An endpoint that exists, and a body that can be understood."""
    definition = _definition(action)
    _endpoint(write.ctx, workspace_of(write.ctx, write.id.id), definition)
    bodies.understand(_body(definition))


def start(ctx: Context, due: Due, action: dict[str, Any]) -> Resource:
    """Start the job."""
    definition = _definition(action)
    endpoint = _endpoint(ctx, workspace_of(ctx, due.schedule.id), definition)
    deployment = str(definition.get("deploymentName") or "")
    return invocations.start(ctx, endpoint, deployment, _body(definition), name=due.job_name, private=due.private)


def _definition(action: dict[str, Any]) -> dict[str, Any]:
    given: object = action.get("endpointInvocationDefinition")
    if not isinstance(given, dict):
        raise user_error("The schedule says nothing of the endpoint that it invokes.", _DEFINITION)
    return cast("dict[str, Any]", given)


def _endpoint(ctx: Context, workspace: Resource, definition: dict[str, Any]) -> Resource:
    name = str(definition.get("endpointName") or definition.get("endpointId") or "").rstrip("/").rsplit("/", 1)[-1]
    if not name:
        raise user_error(
            "The schedule does not name the batch endpoint: set 'endpointName'.", f"{_DEFINITION}.endpointName"
        )
    found = ctx.get(f"{workspace.id}/batchEndpoints/{name}")
    if found is None:
        raise user_error(
            f"The batch endpoint '{name}' does not exist in workspace '{workspace.name}'.",
            f"{_DEFINITION}.endpointName",
        )
    return found


def _body(definition: dict[str, Any]) -> dict[str, Any]:
    return definition if "properties" in definition else {"properties": definition}
