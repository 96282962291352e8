# SPDX-License-Identifier: Apache-2.0
"""Defaults of a compute by its type, and what GET shows of its state."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.jobs import nodes
from groundplan_emulator.store import Resource

CLUSTER: dict[str, Any] = {
    "vmPriority": "Dedicated",
    "osType": "Linux",
    "remoteLoginPortPublicAccess": "NotSpecified",
    "isolatedNetwork": False,
    "enableNodePublicIp": True,
}
SCALE: dict[str, Any] = {"minNodeCount": 0, "maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "PT120S"}
INSTANCE: dict[str, Any] = {
    "applicationSharingPolicy": "Shared",
    "computeInstanceAuthorizationType": "personal",
    "enableNodePublicIp": True,
}
APPLICATIONS = ("Jupyter", "Jupyter Lab", "RStudio", "VS Code")


def defaults(kind: str, inner: dict[str, Any]) -> None:
    """Complete the properties of a compute."""
    if kind == "AmlCompute":
        for name, value in CLUSTER.items():
            inner.setdefault(name, value)
        inner["scaleSettings"] = {**SCALE, **inner.get("scaleSettings", {})}
    elif kind == "ComputeInstance":
        for name, value in INSTANCE.items():
            inner.setdefault(name, value)
        inner["sshSettings"] = {"sshPublicAccess": "Disabled", **inner.get("sshSettings", {})}
    elif kind == "Kubernetes":
        inner.setdefault("namespace", "default")


def view(ctx: Context, resource: Resource) -> dict[str, Any]:
    """The stored body with state, times and node counts."""
    private, properties = resource.private, dict(resource.properties)
    properties["createdOn"] = private.get("created")
    properties["modifiedOn"] = private.get("modified")
    properties["provisioningErrors"] = None
    kind = properties["computeType"]
    properties["isAttachedCompute"] = kind not in ("AmlCompute", "ComputeInstance")
    inner = dict(properties["properties"])
    if kind == "AmlCompute":
        present = nodes.nodes(resource, ctx.clock.now())
        busy = sum(node["job"] is not None for node in present)
        inner["allocationState"] = "Steady"
        inner["allocationStateTransitionTime"] = private.get("modified")
        inner["currentNodeCount"] = inner["targetNodeCount"] = len(present)
        others = ("preparingNodeCount", "unusableNodeCount", "leavingNodeCount", "preemptedNodeCount")
        counts = {"idleNodeCount": len(present) - busy, "runningNodeCount": busy}
        inner["nodeStateCounts"] = {**counts, **dict.fromkeys(others, 0)}
        inner["errors"] = None
    elif kind == "ComputeInstance":
        inner |= _instance(ctx, resource, private)
    return {**resource.body, "properties": {**properties, "properties": inner}}


def _instance(ctx: Context, resource: Resource, private: dict[str, Any]) -> dict[str, Any]:
    identity, location = ctx.settings.identity, resource.body["location"]
    host = f"{resource.name.lower()}.{location}.instances.azureml.ms"
    who = {"userId": identity.principal_id, "userName": identity.principal_id, "userOrgId": identity.tenant_id}
    operation = {
        "operationName": private.get("operation", "Create"),
        "operationTime": private.get("modified"),
        "operationStatus": "Succeeded",
        "operationTrigger": "User",
    }
    return {
        "state": private.get("state", "Running"),
        "createdBy": who,
        "lastOperation": operation,
        "applications": [
            {"displayName": name, "endpointUri": f"https://{host}/{name.lower().replace(' ', '')}"}
            for name in APPLICATIONS
        ],
        "connectivityEndpoints": {"privateIpAddress": "10.0.0.4", "publicIpAddress": None},
        "errors": [],
        "versions": {"runtime": "21.08.03"},
    }
