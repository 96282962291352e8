# SPDX-License-Identifier: Apache-2.0
"""What GET of a workspace answers besides what was stored."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import Write
from groundplan_emulator.ml import tracking
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import managed_network
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

INHERITED = ("storageAccount", "keyVault", "applicationInsights", "containerRegistry", "managedNetwork")


def notebook(write: Write) -> dict[str, Any]:
    """The notebook service of a new workspace."""
    workspace_id, location = write.properties["workspaceId"], write.body["location"]
    fqdn = f"ml-{write.id.name.lower()[:20]}-{location}-{workspace_id}.{location}.notebooks.azure.net"
    return {"resourceId": workspace_id.replace("-", ""), "fqdn": fqdn, "isPrivateLinkEnabled": False}


def view(ctx: Context, resource: Resource) -> dict[str, Any]:
    """The stored body with what depends on other resources and on the emulator's address."""
    properties = dict(resource.properties)
    kind = str(resource.body.get("kind", "")).lower()
    if kind == "project":
        hub = ctx.get(str(properties.get("hubResourceId", "")))
        inherited = hub.properties if hub is not None else {}
        for name in INHERITED:
            if name in inherited and (name not in properties or name == "managedNetwork"):
                properties[name] = inherited[name]
    if kind == "hub":
        properties["associatedWorkspaces"] = projects(ctx, resource)
    properties["discoveryUrl"] = f"{ctx.settings.https}/discovery"
    properties["mlFlowTrackingUri"] = tracking.uri(ctx.settings, resource)
    storage = ctx.get(str(properties.get("storageAccount", "")))
    properties["storageHnsEnabled"] = bool(storage and storage.properties.get("isHnsEnabled", False))
    connections = [dict(child.body) for child in ctx.children(resource.id, f"{WORKSPACES}/privateEndpointConnections")]
    properties["privateEndpointConnections"] = connections
    properties["privateLinkCount"] = len(connections)
    if "notebookInfo" in properties:
        properties["notebookInfo"] = {**properties["notebookInfo"], "isPrivateLinkEnabled": bool(connections)}
    properties["managedNetwork"] = _network(ctx, resource, properties["managedNetwork"])
    return {**resource.body, "properties": properties}


def projects(ctx: Context, hub: Resource) -> list[str]:
    """Ids of the projects of a hub."""
    subscription = "/".join(hub.id.split("/")[:3])
    return [
        workspace.id
        for workspace in ctx.store.of_type(WORKSPACES, within=subscription)
        if str(workspace.properties.get("hubResourceId", "")).lower() == hub.key
    ]


def _network(ctx: Context, resource: Resource, stored: dict[str, Any]) -> dict[str, Any]:
    mode = stored["isolationMode"]
    shown = {**stored, "changeableIsolationModes": managed_network.CHANGEABLE[mode]}
    if mode != managed_network.DISABLED:
        shown["networkId"] = ctx.guid("managed network", resource.properties["workspaceId"])
        shown["outboundRules"] = {
            rule.name: rule.properties for rule in ctx.children(resource.id, managed_network.RULES)
        }
    return shown
