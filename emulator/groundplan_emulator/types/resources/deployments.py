# SPDX-License-Identifier: Apache-2.0
"""Deployments of ARM templates into a resource group."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any, ClassVar

import orjson

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle, operations, scopes
from groundplan_emulator.arm.context import Context, new_etag
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, NameRule, Write, action, route
from groundplan_emulator.store import Operation, Resource
from groundplan_emulator.types.resources.template.expressions import invalid
from groundplan_emulator.types.resources.template.run import Outcome, plan, run
from groundplan_emulator.types.resources.template.scope import TemplateScope

GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{group}"
DEPLOYMENT = GROUP + "/providers/Microsoft.Resources/deployments/{name}"
NAME = NameRule(r"[\w.()-]{1,64}", "1 to 64 letters, digits, underscores, hyphens, periods and parentheses")
FAILED = "At least one resource deployment operation failed. Please list deployment operations for details."


class Deployments(ArmType):
    """Microsoft.Resources/deployments: runs an ARM template, resource by resource, in the order of their dependencies.

    Differs from Azure:
    - only into resource groups, in incremental mode, with the template in the request
    - copy loops of resources only; the functions that are missing are refused by name as `InvalidTemplate`
    - `uniqueString` gives another text than Azure's; what-if is not there
    - a parameter value `Enum.MEMBER`, which azure-ai-ml sends for a hub's projects, counts as `MEMBER` where that is allowed
    - a deployment cannot be cancelled: it is over when its PUT is answered, or when the last of its resources is ready
    """

    type: ClassVar[str] = "Microsoft.Resources/deployments"
    api_versions: ClassVar[tuple[str, ...]] = (
        "2019-10-01",
        "2020-06-01",
        "2020-08-01",
        "2020-10-01",
        "2021-04-01",
        "2022-09-01",
    )
    deleted_status: ClassVar[int] = 204

    def check(self, write: Write) -> None:
        """Everything but a resource group."""
        raise invalid(f"The emulator runs templates in resource groups only, not at '{write.id.scope or '/'}'.")

    @route("PUT", DEPLOYMENT)
    def deploy(self, ctx: Context, params: dict[str, str], body: dict[str, Any]) -> Response:
        """Check the template, run it, keep what became of it."""
        id_ = ResourceId.parse(ctx.request.path)
        NAME.check(self.type, id_.name)
        scope = self._scope(ctx, id_, body)
        planned = plan(scope)
        started = ctx.clock.now()
        outcomes = run(planned)
        error = _error(outcomes)
        properties = {
            **_described(scope),
            "provisioningState": "Failed" if error else "Succeeded",
            "timestamp": ctx.clock.stamp(),
            "duration": f"PT{ctx.clock.now() - started:.3f}S",
            "correlationId": str(uuid.uuid4()),
            "outputResources": [{"id": outcome.id} for outcome in outcomes if outcome.error is None],
        }
        if error:
            properties["error"] = error
        else:
            properties["outputs"] = _outputs(scope)
        old = ctx.get(id_.key)
        resource = Resource(
            id_.id, self.type, id_.name, {"id": id_.id, "name": id_.name, "type": self.type}, new_etag()
        )
        resource.body |= {name: body[name] for name in ("location", "tags") if name in body} | {
            "properties": properties
        }
        resource.private = {
            "template": scope.template,
            "operations": [_operation(ctx, id_, outcome) for outcome in outcomes],
        }
        headers = self._pending(ctx, resource, outcomes, error)
        ctx.store.put(resource, id_.parent_id)
        return Response(200 if old else 201, resource.body, headers)

    @route("POST", DEPLOYMENT + "/validate")
    def validate(self, ctx: Context, params: dict[str, str], body: dict[str, Any]) -> Response:
        """Check the template without making anything."""
        id_ = ResourceId.parse(ctx.request.path.rsplit("/", 1)[0])
        scope = self._scope(ctx, id_, body)
        ids = [{"id": planned.id.id} for planned in plan(scope)]
        properties = {**_described(scope), "provisioningState": "Succeeded", "validatedResources": ids}
        return Response(200, {"id": id_.id, "name": id_.name, "type": self.type, "properties": properties})

    @action("exportTemplate")
    def export_template(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The template that was run."""
        return Response(200, {"template": resource.private["template"]})

    @route("GET", GROUP + "/deployments/{name}/operations")
    def list_operations(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """What became of each resource, by the path that Microsoft's clients use."""
        id_ = ResourceId.parse(
            ctx.request.path.rsplit("/", 3)[0] + f"/providers/Microsoft.Resources/deployments/{params['name']}"
        )
        return lifecycle.page(ctx, lifecycle.find(ctx, self, id_).private["operations"])

    @action("operations", "GET")
    def operations_of(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The same by the deployment's own path."""
        return lifecycle.page(ctx, resource.private["operations"])

    def _scope(self, ctx: Context, id_: ResourceId, body: dict[str, Any]) -> TemplateScope:
        scopes.require_scope(ctx, id_)
        properties: dict[str, Any] = body.get("properties") or {}
        mode = str(properties.get("mode", "Incremental"))
        if mode.lower() != "incremental":
            raise invalid(f"The emulator runs templates in 'Incremental' mode only, not in '{mode}'.")
        template = properties.get("template")
        if "templateLink" in properties or "parametersLink" in properties or not isinstance(template, dict):
            raise invalid(
                "The emulator needs the template in the request ('properties.template', an object); links are not followed."
            )
        group = f"/subscriptions/{id_.subscription}/resourceGroups/{id_.resource_group}"
        return TemplateScope(ctx, group, id_.name, template, properties.get("parameters") or {})

    def _pending(
        self, ctx: Context, resource: Resource, outcomes: list[Outcome], error: dict[str, Any] | None
    ) -> dict[str, str]:
        """Headers to poll by, while a resource is still being made or to learn that one failed."""
        running = [operation.due for outcome in outcomes for operation in ctx.store.running_operations(outcome.id)]
        if not running and error is None:
            return {}
        due = max([ctx.clock.now(), *running])
        operation = Operation(str(uuid.uuid4()), resource.key, "create", "InProgress", ctx.clock.now(), due, error)
        ctx.store.save_operation(operation)
        resource.properties["provisioningState"] = "Running"
        return operations.accepted_headers(ctx, resource, operation)


def _error(outcomes: list[Outcome]) -> dict[str, Any] | None:
    failed = [outcome.error for outcome in outcomes if outcome.error is not None]
    if not failed:
        return None
    details = [error.envelope()["error"] for error in failed]
    return {"code": "DeploymentFailed", "message": FAILED, "details": details}


def _described(scope: TemplateScope) -> dict[str, Any]:
    declared: dict[str, Any] = scope.template.get("parameters", {})
    secure = {
        name for name, parameter in declared.items() if str(parameter.get("type", "")).lower().startswith("secure")
    }
    parameters = {
        name: {
            "type": parameter["type"],
            **({} if name in secure else {"value": scope.value(f"[parameters('{name}')]")}),
        }
        for name, parameter in declared.items()
    }
    digest = int.from_bytes(hashlib.sha256(orjson.dumps(scope.template)).digest()[:8], "big")
    return {"templateHash": str(digest), "mode": "Incremental", "parameters": parameters}


def _outputs(scope: TemplateScope) -> dict[str, Any]:
    declared: dict[str, Any] = scope.template.get("outputs", {})
    return {
        name: {"type": output["type"], "value": scope.value(output["value"])}
        for name, output in declared.items()
        if str(scope.value(output.get("condition", True))).lower() == "true"
    }


def _operation(ctx: Context, id_: ResourceId, outcome: Outcome) -> dict[str, Any]:
    number = hashlib.sha256(f"{id_.key}{outcome.id}".encode()).hexdigest()[:16].upper()
    error: ArmError | None = outcome.error
    properties: dict[str, Any] = {
        "provisioningOperation": "Create",
        "provisioningState": "Failed" if error else "Succeeded",
        "timestamp": ctx.clock.stamp(),
        "duration": "PT0S",
        "serviceRequestId": str(uuid.uuid4()),
        "statusCode": "OK" if error is None else str(error.status),
        "targetResource": {"id": outcome.id, "resourceType": outcome.type, "resourceName": outcome.name},
    }
    if error is not None:
        properties["statusMessage"] = error.envelope()
    return {"id": f"{id_.id}/operations/{number}", "operationId": number, "properties": properties}
