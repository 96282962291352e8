# SPDX-License-Identifier: Apache-2.0
"""Deployments of online endpoints."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action
from groundplan_emulator.ml.scoring import folders, logs, plan, settings
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import endpoint_limits, endpoints, quotas, vm_sizes
from groundplan_emulator.types.machine_learning_services.service import (
    WORKSPACES,
    MachineLearningType,
    check_duration,
    user_error,
)

TAIL = 100
"""Lines that `getLogs` answers where it is not said how many."""
MOST = {"deployments": 20, "instances": 50}
PROBE = {"period": "PT10S", "initialDelay": "PT10S", "timeout": "PT2S", "successThreshold": 1, "failureThreshold": 30}
REQUESTS = {"maxConcurrentRequestsPerInstance": 1, "maxQueueWait": "PT0.5S", "requestTimeout": "PT5S"}

RESOURCES = {
    "containerResourceRequests": {"cpu": "100m", "memory": "2Gi"},
    "containerResourceLimits": {"cpu": "2", "memory": "2Gi"},
}
"""What a container on Kubernetes gets that asks for nothing: those of the extension's `defaultinstancetype`."""


class OnlineDeployments(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments: managed ones, and those on Kubernetes.

    One with a scoring script, or with an MLflow model and no script, runs: each of its instances is a process on this machine
    (`ml/scoring/`), and a write ends when they are ready or have failed, whatever the clock.

    Differs from Azure:
    - images are not pulled: a deployment that has no scoring script and no MLflow model (an image of one's own) comes up without
      instances, and its log says so; of an environment the conda file counts, not what its image holds
    - conda's packages are taken by name from the index of Python packages; what is not there (CUDA, compilers) is left out
    - an instance is a process, whatever its size's cores; its memory is bounded, and the number of all instances together
    - the startup probe is not looked at, as the readiness probe counts from the start
    - secrets are put into environment variables whatever roles the endpoint's identity has
    """

    type: ClassVar[str] = f"{WORKSPACES}/onlineEndpoints/deployments"
    name_rule: ClassVar[NameRule | None] = endpoints.NAME
    required: ClassVar[tuple[str, ...]] = ("properties.endpointComputeType",)
    immutable: ClassVar[tuple[str, ...]] = ("properties.endpointComputeType",)
    seconds: ClassVar[Seconds] = Seconds(create=40, update=20, delete=15)
    polled: ClassVar[bool] = True

    def check(self, write: Write) -> None:
        """Fits its endpoint, has a known size and a sane scale, names assets that exist."""
        endpoint = write.ctx.linked("endpoint", write.id.parent_id)
        properties = write.properties
        kind = properties["endpointComputeType"]
        wanted = "Kubernetes" if endpoint.properties.get("compute") else "Managed"
        if kind != wanted:
            raise user_error(
                f"endpointComputeType is '{kind}', but endpoint '{endpoint.name}' takes '{wanted}' deployments.",
                "properties.endpointComputeType",
            )
        siblings = list(write.ctx.children(endpoint.id, self.type))
        if write.old is None and len(siblings) >= MOST["deployments"]:
            raise user_error(f"An endpoint has at most {MOST['deployments']} deployments.")
        if kind == "Managed":
            if not properties.get("instanceType") and not write.old_properties.get("instanceType"):
                raise user_error("A managed deployment needs an instanceType.", "properties.instanceType")
            if (size := properties.get("instanceType")) is not None:
                properties["instanceType"] = vm_sizes.check("properties.instanceType", str(size)).name
        _check_scale(write.body, kind)
        for name in ("model", "environmentId"):
            endpoints.check_asset(write.ctx, f"properties.{name}", properties.get(name))
        endpoints.check_asset(
            write.ctx, "properties.codeConfiguration.codeId", (properties.get("codeConfiguration") or {}).get("codeId")
        )
        for name in ("livenessProbe", "readinessProbe"):
            for part in ("period", "initialDelay", "timeout"):
                check_duration(f"properties.{name}.{part}", (properties.get(name) or {}).get(part))
        endpoint_limits.check_requests(properties.get("requestSettings"), kind)
        if kind == "Managed":
            size = vm_sizes.check("properties.instanceType", str(properties["instanceType"]))
            quotas.refuse_over(write, size)
        _refuse_too_many(write)

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        properties = write.properties
        if write.old is None:
            write.private[plan.INCARNATION] = str(uuid.uuid4())
        write.body["sku"] = {"name": "Default", "capacity": 1, **write.body.get("sku", {})}
        properties.setdefault("scaleSettings", {"scaleType": "Default"})
        properties.setdefault("appInsightsEnabled", False)
        properties.setdefault("environmentVariables", {})
        properties.setdefault("properties", {})
        properties["requestSettings"] = {**REQUESTS, **properties.get("requestSettings", {})}
        for name in ("livenessProbe", "readinessProbe"):
            properties[name] = {**PROBE, **properties.get(name, {})}
        if properties["endpointComputeType"] == "Managed":
            properties.setdefault("egressPublicNetworkAccess", "Enabled")
        else:
            properties.setdefault("containerResourceRequirements", {name: {**part} for name, part in RESOURCES.items()})

    def waits(self, ctx: Context, resource: Resource, kind: str) -> bool:
        """Until its processes are ready, where it runs here."""
        return kind != "delete" and not plan.runs(ctx, resource)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Traffic must go elsewhere first (deleting the whole endpoint is another matter)."""
        endpoint = ctx.get(resource.id.rsplit("/", 2)[0])
        share = (endpoint.properties.get("traffic") or {}).get(resource.name, 0) if endpoint else 0
        if share:
            raise user_error(
                f"Cannot delete deployment '{resource.name}': {share} percent of the endpoint's traffic goes to it."
                " Set its traffic to 0 first."
            )

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """The endpoint forgets it."""
        endpoint = ctx.get(resource.id.rsplit("/", 2)[0])
        if endpoint is None:
            return
        for name in ("traffic", "mirrorTraffic"):
            (endpoint.properties.get(name) or {}).pop(resource.name, None)
        ctx.save(endpoint)

    @action("getLogs")
    def get_logs(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """What the instances wrote, and what happened to them; `tail` lines of it."""
        if (why := plan.runs(ctx, resource)) != "":
            since = resource.body.get("systemData", {}).get("createdAt", "")
            content = f"{since} deployment '{resource.name}': no container runs in the emulator: {why}\n"
            return Response(200, {"content": content})
        tail = body.get("tail", TAIL)
        if isinstance(tail, bool) or not isinstance(tail, int) or tail < 0:
            raise user_error(f"'tail' is a number of lines, 0 or more, not {tail!r}.", "tail")
        folder = folders.of(ctx.settings, resource) / "logs"
        state = str(resource.properties.get("provisioningState", ""))
        return Response(200, {"content": logs.shown(folder, tail, str(body.get("containerType", "")), state)})

    @action("skus", "GET")
    def list_skus(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """How far it may be scaled."""
        capacity = {"default": 1, "minimum": 1, "maximum": MOST["instances"], "scaleType": "Manual"}
        return Response(200, {"value": [{"resourceType": self.type, "sku": {"name": "Default"}, "capacity": capacity}]})


def _refuse_too_many(write: Write) -> None:
    """400 OutOfCapacity where all instances together would be more than this machine is to carry."""
    ctx = write.ctx
    wanted = Resource(write.id.id, OnlineDeployments.type, write.id.name, write.body)
    if plan.runs(ctx, wanted):
        return
    most, left, more = settings.processes(ctx.store), plan.left(ctx, write.id.key), plan.capacity(wanted)
    if more > left:
        raise ArmError(
            400,
            "OutOfCapacity",
            f"The emulator runs at most {most} instances of online deployments together: {most - left} are taken, and deployment"
            f" '{write.id.name}' wants {more}. Ask for fewer, delete deployments, or raise the setting {settings.PROCESSES}.",
            target="sku.capacity",
        )


def _check_scale(body: dict[str, Any], kind: str) -> None:
    capacity = (body.get("sku") or {}).get("capacity", 1)
    if not 1 <= capacity <= MOST["instances"]:
        raise user_error(f"sku.capacity must be between 1 and {MOST['instances']}, not {capacity}.", "sku.capacity")
    scale: dict[str, Any] = body["properties"].get("scaleSettings") or {}
    if kind == "Managed" and scale.get("scaleType", "Default") != "Default":
        raise user_error(
            "A managed deployment is scaled by sku.capacity and autoscale rules: its scaleType is 'Default'.",
            "properties.scaleSettings",
        )
    low, high = scale.get("minInstances", 1), scale.get("maxInstances")
    if high is not None and low > high:
        raise user_error(f"minInstances ({low}) must not be above maxInstances ({high}).", "properties.scaleSettings")
