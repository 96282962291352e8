# SPDX-License-Identifier: Apache-2.0
"""Datastores of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Write, action
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import MachineLearningType, user_error
from groundplan_emulator.types.machine_learning_services.system_datastores import DATASTORES
from groundplan_emulator.types.machine_learning_services.workspace_actions import storage_key

SYSTEM = ("workspaceblobstore", "workspacefilestore", "workspaceartifactstore", "workspaceworkingdirectory")
PLACES = {"AzureBlob": "containerName", "AzureFile": "fileShareName", "AzureDataLakeGen2": "filesystem"}
SECRETS = "properties.credentials.secrets"


class Datastores(MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces/datastores: credentials go in and come out of `listSecrets` only.

    Differs from Azure:
    - azure-ai-ml is answered `127.0.0.1:<port>/<account>` as `accountName`:
      it builds the blob URL from it, so its uploads reach the emulator
    - neither the account nor its container is looked up
    """

    type: ClassVar[str] = DATASTORES
    name_rule: ClassVar[NameRule | None] = NameRule(r"[a-zA-Z0-9_]{1,255}", "1 to 255 letters, digits and underscores")
    immutable: ClassVar[tuple[str, ...]] = ("properties.datastoreType",)
    write_only: ClassVar[tuple[str, ...]] = (SECRETS,)

    def check(self, write: Write) -> None:
        """Each kind names its place."""
        kind = str(write.properties.get("datastoreType"))
        for field in ("accountName", PLACES[kind]) if kind in PLACES else ():
            if not write.properties.get(field):
                raise user_error(f"A datastore of type '{kind}' needs '{field}'.", f"properties.{field}")

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        properties = write.properties
        properties["isDefault"] = bool(write.old_properties.get("isDefault", False))
        properties.setdefault("serviceDataAccessAuthIdentity", "None")
        properties.setdefault("properties", {})
        properties.setdefault("tags", {})
        if properties.get("datastoreType") in PLACES:
            properties.setdefault("endpoint", STORAGE_SUFFIX)
            properties.setdefault("protocol", "https")

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """As stored; for azure-ai-ml the account is reachable."""
        account = resource.properties.get("accountName")
        if account is None or "azure-ai-ml/" not in ctx.request.headers.get("user-agent", ""):
            return resource.body
        host = f"127.0.0.1:{ctx.settings.https_port}/{account}"
        return {**resource.body, "properties": {**resource.properties, "accountName": host}}

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """`isDefault` and `names` choose."""
        wanted, names = ctx.request.query.get("isdefault"), ctx.request.query.get("names")
        for resource in super().listed(ctx, found):
            default = str(resource.properties.get("isDefault", False)).lower()
            if (wanted is None or wanted.lower() == default) and (names is None or resource.name in names.split(",")):
                yield resource

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """The workspace needs its own datastores."""
        if resource.name in SYSTEM:
            raise user_error(f"Datastore '{resource.name}' belongs to the workspace and cannot be deleted.")

    @action("listSecrets")
    def list_secrets(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The credentials that were stored, or the account's key for the workspace's own datastores."""
        properties = resource.properties
        kind = str(properties.get("credentials", {}).get("credentialsType", "None"))
        if kind == "None":
            raise user_error(f"Datastore '{resource.name}' has no credentials: it is used with the caller's identity.")
        secrets: dict[str, Any] = {"secretsType": kind, **resource.private.get(SECRETS, {})}
        if kind == "AccountKey" and not secrets.get("key"):
            group = (
                f"/subscriptions/{properties.get('subscriptionId')}/resourceGroups/{properties.get('resourceGroup')}"
            )
            account = f"{group}/providers/Microsoft.Storage/storageAccounts/{properties.get('accountName')}"
            secrets["key"] = storage_key(ctx, account)
        return Response(200, secrets)
