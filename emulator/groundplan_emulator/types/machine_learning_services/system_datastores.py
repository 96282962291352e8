# SPDX-License-Identifier: Apache-2.0
"""The four datastores that a workspace is born with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

DATASTORES = f"{WORKSPACES}/datastores"
CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
CODE_SHARE = "code-391ff5ac-6576-460f-ba4d-7e03433c68b6"
"""The share of notebooks has this name in every workspace."""


def create(ctx: Context, workspace: Resource) -> None:
    """Datastores over the default storage account, and the blob containers that they name."""
    account = ctx.get(str(workspace.properties.get("storageAccount", "")))
    if account is None:
        return
    for name, properties in _datastores(workspace, account):
        id_ = f"{workspace.id}/datastores/{name}"
        body = {"id": id_, "name": name, "type": DATASTORES, "properties": properties, "systemData": ctx.system_data()}
        ctx.save(Resource(id_, DATASTORES, name, body))
        if "containerName" in properties:
            create_container(ctx, account, properties["containerName"])


def complete(ctx: Context, workspace: Resource) -> None:
    """Blob containers of a recovered workspace that its storage account, made anew under the old name, has no more."""
    account = ctx.get(str(workspace.properties.get("storageAccount", "")))
    if account is None:
        return
    for _, properties in _datastores(workspace, account):
        if "containerName" in properties:
            create_container(ctx, account, properties["containerName"])


def _datastores(workspace: Resource, account: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    workspace_id = workspace.properties["workspaceId"]
    mode = str(workspace.properties.get("systemDatastoresAuthMode", "")).lower()
    segments = account.id.split("/")
    shared: dict[str, Any] = {
        "credentials": {"credentialsType": "AccountKey" if mode == "accesskey" else "None"},
        "accountName": account.name,
        "endpoint": STORAGE_SUFFIX,
        "protocol": "https",
        "resourceGroup": segments[4],
        "subscriptionId": segments[2],
        "serviceDataAccessAuthIdentity": "None",
        "properties": {},
        "tags": {},
    }
    places = {
        "workspaceblobstore": ("AzureBlob", "containerName", f"azureml-blobstore-{workspace_id}"),
        "workspaceartifactstore": ("AzureBlob", "containerName", "azureml"),
        "workspacefilestore": ("AzureFile", "fileShareName", f"azureml-filestore-{workspace_id}"),
        "workspaceworkingdirectory": ("AzureFile", "fileShareName", CODE_SHARE),
    }
    for name, (kind, field, place) in places.items():
        yield name, {**shared, "datastoreType": kind, field: place, "isDefault": name == "workspaceblobstore"}


def create_container(ctx: Context, account: Resource, name: str) -> None:
    """Make a blob container, unless it is there."""
    service = f"{account.id}/blobServices/default"
    id_ = f"{service}/containers/{name}"
    if ctx.get(id_) is not None:
        return
    properties = {
        "publicAccess": "None",
        "leaseStatus": "Unlocked",
        "leaseState": "Available",
        "lastModifiedTime": ctx.clock.stamp(),
    }
    ctx.save(Resource(id_, CONTAINERS, name, {"id": id_, "name": name, "type": CONTAINERS, "properties": properties}))
