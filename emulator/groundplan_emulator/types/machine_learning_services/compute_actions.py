# SPDX-License-Identifier: Apache-2.0
"""Actions on a compute: start, stop, restart, resize, nodes, keys."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import action
from groundplan_emulator.ml.jobs import nodes
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import vm_sizes
from groundplan_emulator.types.machine_learning_services.service import check_duration, user_error


class ComputeActions:
    """POST actions of computes, mixed into their type."""

    @action("start")
    def start(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Start a stopped instance."""
        return _move(ctx, resource, "Start", "Running")

    @action("stop")
    def stop(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Stop a running instance."""
        return _move(ctx, resource, "Stop", "Stopped")

    @action("restart")
    def restart(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Restart a running instance."""
        if resource.private.get("state") != "Running":
            raise conflict("Conflict", f"Compute instance '{resource.name}' is not running.")
        return _move(ctx, resource, "Restart", "Running")

    @action("resize")
    def resize(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """Change the size of a stopped instance."""
        _require(resource, "ComputeInstance")
        if resource.private.get("state") != "Stopped":
            raise conflict("Conflict", f"Compute instance '{resource.name}' must be stopped before it is resized.")
        size = vm_sizes.check("targetVMSize", str(body.get("targetVMSize", "")))
        resource.properties["properties"]["vmSize"] = size.name
        return _move(ctx, resource, "Resize", "Stopped")

    @action("updateIdleShutdownSetting")
    def update_idle_shutdown(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """Change after how long an idle instance stops."""
        _require(resource, "ComputeInstance")
        wanted = body.get("idleTimeBeforeShutdown")
        check_duration("idleTimeBeforeShutdown", wanted)
        resource.properties["properties"]["idleTimeBeforeShutdown"] = wanted
        ctx.save(resource)
        return Response(200)

    @action("enableSso")
    def enable_sso(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """Switch single sign-on of an instance."""
        _require(resource, "ComputeInstance")
        resource.properties["properties"]["enableSSO"] = bool(body.get("enableSSO", True))
        ctx.save(resource)
        return Response(200)

    @action("listNodes")
    def list_nodes(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The nodes of a cluster, and the jobs that run on them."""
        _require(resource, "AmlCompute")
        found = [
            {
                "nodeId": f"tvmps_{ctx.secret('node', resource.key, str(at), size=16).hex()}_d",
                "privateIpAddress": f"10.0.0.{4 + at}",
                "publicIpAddress": None,
                "port": 50000 + at,
                "nodeState": "idle" if node["job"] is None else "running",
                "runId": None if node["job"] is None else node["job"].rsplit("/", 1)[-1],
            }
            for at, node in enumerate(nodes.nodes(resource, ctx.clock.now()))
        ]
        return Response(200, {"nodes": found})

    @action("listKeys")
    def list_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Secrets of an attached compute."""
        kind = resource.properties["computeType"]
        if kind == "Databricks":
            token = resource.private.get("properties.properties.databricksAccessToken")
            return Response(200, {"computeType": kind, "databricksAccessToken": token})
        if kind not in ("Kubernetes", "AKS"):
            raise user_error(f"A compute of type '{kind}' has no keys.")
        return Response(
            200,
            {
                "computeType": "AKS",
                "userKubeConfig": "",
                "adminKubeConfig": "",
                "imagePullSecretName": "amlarc-pull-secret",
            },
        )


def _require(resource: Resource, kind: str) -> None:
    actual = resource.properties["computeType"]
    if actual != kind:
        raise user_error(f"Compute '{resource.name}' is of type '{actual}'; this is for type '{kind}' only.")


def _move(ctx: Context, resource: Resource, operation: str, state: str) -> Response:
    _require(resource, "ComputeInstance")
    resource.private.update(state=state, operation=operation, modified=ctx.clock.stamp())
    ctx.save(resource)
    return Response(202)
