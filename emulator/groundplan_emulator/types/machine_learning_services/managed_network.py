# SPDX-License-Identifier: Apache-2.0
"""The managed network of a workspace: isolation modes, and the outbound rules that the service needs itself.

Facts: Microsoft's "Workspace managed virtual network isolation" (one-way modes; required private endpoints and service tags; FQDN rules
only in the approved mode, on ports 80 and 443).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.store import Resource

DISABLED, INTERNET, APPROVED = "Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"
CHANGEABLE = {DISABLED: [DISABLED, INTERNET, APPROVED], INTERNET: [INTERNET, APPROVED], APPROVED: [APPROVED]}
RULES = "Microsoft.MachineLearningServices/workspaces/outboundRules"
LISTED = "vscode.blob.core.windows.net"
"""The one storage account in Microsoft's list of hosts to open, for Visual Studio Code."""
TAGS = (
    ("AzureActiveDirectory", "TCP", "80,443"),
    ("AzureMachineLearning", "TCP", "443,8787,18881"),
    ("AzureMachineLearning", "UDP", "5831"),
    ("AzureResourceManager", "TCP", "443"),
    ("AzureFrontDoor.FirstParty", "TCP", "443"),
    ("MicrosoftContainerRegistry", "TCP", "443"),
    ("AzureMonitor", "TCP", "443"),
    ("BatchNodeManagement.{location}", "TCP", "443"),
)
TARGETS = (("storageAccount", ("blob", "file")), ("keyVault", ("vault",)), ("containerRegistry", ("registry",)))


def mode_of(properties: dict[str, Any]) -> str:
    """The isolation mode of a workspace's properties."""
    return str(properties.get("managedNetwork", {}).get("isolationMode", DISABLED))


def check_change(before: str, after: str) -> None:
    """400 for a mode that does not exist, or that can not be reached any more."""
    if after not in CHANGEABLE:
        raise bad_request(
            "ValidationError",
            f"The isolation mode '{after}' is not one of {', '.join(CHANGEABLE)}.",
            target="properties.managedNetwork.isolationMode",
        )
    if after not in CHANGEABLE[before]:
        raise bad_request(
            "ValidationError",
            f"The isolation mode of the managed network cannot change from '{before}' to '{after}'."
            f" Isolation modes that are still possible: {', '.join(CHANGEABLE[before])}. Another mode needs a new workspace.",
            target="properties.managedNetwork.isolationMode",
        )


def check_rule(mode: str, name: str, rule: dict[str, Any]) -> None:
    """400 for a rule that the mode does not allow, or that says too little."""
    kind, destination = rule.get("type"), rule.get("destination")
    target = f"properties.managedNetwork.outboundRules.{name}"
    if mode == DISABLED:
        raise bad_request(
            "ValidationError",
            f"Outbound rule '{name}' needs a managed network, but its isolation mode is 'Disabled'.",
            target=target,
        )
    if kind == "FQDN" and mode != APPROVED:
        raise bad_request(
            "ValidationError",
            f"FQDN rule '{name}' is only supported with isolation mode '{APPROVED}', not '{mode}'.",
            target=target,
        )
    if kind == "FQDN" and ".blob.core." in str(destination) and destination != LISTED:
        raise bad_request(
            "ValidationError", f"FQDN rule '{name}' names a storage account: use a PrivateEndpoint rule.", target=target
        )
    if not destination:
        raise bad_request("ValidationError", f"Outbound rule '{name}' has no destination.", target=target)


def required_rules(ctx: Context, workspace: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and bodies of the rules that the service adds: private endpoints to the workspace's own resources, service tags."""
    mode = mode_of(workspace.properties)
    if mode == DISABLED:
        return
    yield _endpoint(workspace.id, "amlworkspace")
    for name, sub_resources in TARGETS:
        target = ctx.get(str(workspace.properties.get(name, "")))
        if target is not None and (mode == APPROVED or target.properties.get("publicNetworkAccess") == "Disabled"):
            yield from (_endpoint(target.id, sub_resource) for sub_resource in sub_resources)
    if mode == APPROVED:
        for tag, protocol, ports in TAGS:
            tag_name = tag.format(location=workspace.body.get("location", ""))
            destination = {"serviceTag": tag_name, "protocol": protocol, "portRanges": ports, "action": "Allow"}
            yield (
                f"__SYS_ST_{tag_name}_{protocol}",
                {"type": "ServiceTag", "category": "Required", "destination": destination},
            )


def _endpoint(resource_id: str, sub_resource: str) -> tuple[str, dict[str, Any]]:
    digest = hashlib.sha256(resource_id.lower().encode()).hexdigest()[:8]
    name = f"__SYS_PE_{resource_id.rsplit('/', 1)[1]}_{sub_resource}_{digest}"
    destination = {
        "serviceResourceId": resource_id,
        "subresourceTarget": sub_resource,
        "sparkEnabled": False,
        "sparkStatus": "Inactive",
    }
    return name, {"type": "PrivateEndpoint", "category": "Required", "destination": destination}


def settle(ctx: Context, workspace: Resource, user: dict[str, dict[str, Any]] | None, *, replace: bool) -> None:
    """Make the stored rules those that the mode needs and the user gave; `user` None leaves the user's own as they are."""
    required = dict(required_rules(ctx, workspace))
    if user is not None:  # a client that sends back what it read names the service's rules too
        user = {name: rule for name, rule in user.items() if name not in required}
    status = "Active" if active(workspace) else "Inactive"
    for rule in list(ctx.children(workspace.id, RULES)):
        system = rule.properties.get("category") == "Required"
        if (system and rule.name not in required) or (
            not system and replace and user is not None and rule.name not in user
        ):
            ctx.delete(rule)
    for name, body in {**required, **(user or {})}.items():
        old = ctx.get(f"{workspace.id}/outboundRules/{name}")
        known = old.properties if old else {}
        save_rule(ctx, workspace, name, {**body, "status": known.get("status", status)})


def save_rule(ctx: Context, workspace: Resource, name: str, properties: dict[str, Any]) -> Resource:
    """Write one rule."""
    properties = {"category": "UserDefined", **properties}
    id_ = f"{workspace.id}/outboundRules/{name}"
    rule = Resource(id_, RULES, name, {"id": id_, "name": name, "type": RULES, "properties": properties})
    ctx.save(rule)
    return rule


def active(workspace: Resource) -> bool:
    """Whether the network has been provisioned."""
    return workspace.properties.get("managedNetwork", {}).get("status", {}).get("status") == "Active"


def provision(ctx: Context, workspace: Resource, *, spark: bool = False) -> dict[str, Any]:
    """Make the network: at the first compute, or when asked for. Returns its status."""
    network = workspace.properties["managedNetwork"]
    network["status"] = {"status": "Active", "sparkReady": spark or network.get("status", {}).get("sparkReady", False)}
    ctx.save(workspace)
    for rule in ctx.children(workspace.id, RULES):
        rule.properties["status"] = "Active"
        ctx.save(rule)
    return network["status"]
