# SPDX-License-Identifier: Apache-2.0
"""Machine learning workspaces of every kind."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import NameRule, Seconds, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import (
    managed_network,
    soft_delete,
    system_datastores,
    workspace_view,
)
from groundplan_emulator.types.machine_learning_services.service import (
    WORKSPACES,
    MachineLearningType,
    check_region,
    linked,
    user_error,
)
from groundplan_emulator.types.machine_learning_services.workspace_actions import WorkspaceActions

LINKS = {
    "storageAccount": "Microsoft.Storage/storageAccounts",
    "keyVault": "Microsoft.KeyVault/vaults",
    "applicationInsights": "Microsoft.Insights/components",
    "containerRegistry": "Microsoft.ContainerRegistry/registries",
    "hubResourceId": WORKSPACES,
}
KINDS = {"default", "hub", "project", "featurestore"}
TEXTS = {"friendlyName", "description", "managedNetwork"}
RECOVER = "allowRecoverSoftDeletedWorkspace"


class Workspaces(WorkspaceActions, MachineLearningType):
    """Microsoft.MachineLearningServices/workspaces: kinds default, hub, project and featurestore.

    A delete keeps the workspace for 14 days (`forceToPurge=true` does not); its name is taken until it is purged, or recovered by a PUT
    with `properties.allowRecoverSoftDeletedWorkspace`.

    Differs from Azure:
    - `DELETE ?forceToPurge=true` purges a workspace that is already soft-deleted (Azure's portal does that over an unpublished route)
    - the URLs of the service point to the emulator
    - a managed network makes no firewall and no private endpoints
    - the inline `outboundRules` of a PUT replace the user's own rules, those of a PATCH are added
    """

    type: ClassVar[str] = WORKSPACES
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}",
        "3 to 33 letters, digits, hyphens and underscores, starting with a letter or digit",
    )
    immutable: ClassVar[tuple[str, ...]] = (
        "properties.storageAccount",
        "properties.keyVault",
        "properties.hbiWorkspace",
        "properties.enableDataIsolation",
        "properties.hubResourceId",
        "properties.encryption.status",
    )
    created_status: ClassVar[int] = 200
    seconds: ClassVar[Seconds] = Seconds(create=30, update=5, delete=10)

    def understood(self, body: dict[str, Any]) -> dict[str, Any]:
        """As all types of the service; blanks of azure-ai-ml's template count as absent."""
        given: dict[str, Any] = dict(body.get("properties") or {})
        given.pop(RECOVER, None)
        if isinstance(network := given.get("managedNetwork"), dict):
            given["managedNetwork"] = {
                name: value for name, value in network.items() if name != "changeableIsolationModes"
            }
        kept = {name: value if name in TEXTS else _filled(value) for name, value in given.items()}
        kept = {name: value for name, value in kept.items() if value not in (None, {}, [])}
        if kept.get("encryption", {}).keys() == {"status"} and str(kept["encryption"]["status"]).lower() == "disabled":
            del kept["encryption"]
        return super().understood({**body, "properties": kept})

    def check(self, write: Write) -> None:
        """Kind, soft-deleted namesake, links, isolation mode."""
        check_region(self.type, write.body["location"])
        kind = kind_of(write.body)
        if kind not in KINDS:
            raise user_error(f"Workspace kind '{write.body['kind']}' is not one of {', '.join(sorted(KINDS))}.", "kind")
        if write.old is not None and kind != kind_of(write.old.body) and kind_of(write.old.body) != "default":
            raise user_error(
                f"The kind of a workspace cannot change from '{write.old.body['kind']}' to '{kind}'.", "kind"
            )
        if write.old is None:
            soft_delete.restore(write, allowed=soft_delete.wanted(write.ctx.request.json_object(), RECOVER))
        _check_identity(write)
        _check_links(write, kind)
        mode = managed_network.mode_of(write.properties)
        managed_network.check_change(managed_network.mode_of(write.old_properties), mode)
        for name, rule in (write.properties.get("managedNetwork", {}).get("outboundRules") or {}).items():
            managed_network.check_rule(mode, name, rule)

    def fill(self, write: Write) -> None:
        """What the service decides at creation and keeps, and its defaults."""
        kind, properties = kind_of(write.body), write.properties
        write.body.setdefault("kind", write.old.body["kind"] if write.old else "Default")
        write.body.setdefault("sku", {"name": "Basic", "tier": "Basic"})
        write.keep("workspaceId", "notebookInfo", "tenantId")
        properties.setdefault("workspaceId", str(uuid.uuid4()))
        properties["tenantId"] = write.ctx.settings.identity.tenant_id
        defaults: dict[str, Any] = {
            "friendlyName": write.id.name,
            "description": "",
            "hbiWorkspace": False,
            "publicNetworkAccess": "Enabled",
            "v1LegacyMode": False,
            "enableDataIsolation": kind in ("hub", "project"),
            "systemDatastoresAuthMode": "AccessKey",
        }
        for name, value in defaults.items():
            properties.setdefault(name, write.old_properties.get(name, value))
        properties.setdefault("notebookInfo", workspace_view.notebook(write))
        network = {**write.old_properties.get("managedNetwork", {}), **properties.get("managedNetwork", {})}
        network.setdefault("isolationMode", managed_network.DISABLED)
        write.private["rules"] = network.pop("outboundRules", None)
        if network["isolationMode"] != managed_network.DISABLED:
            network["status"] = write.old_properties.get("managedNetwork", {}).get("status") or {
                "status": "Inactive",
                "sparkReady": False,
            }
            network.setdefault("managedNetworkKind", "V1")
        properties["managedNetwork"] = network

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """Recovered children or the system datastores; the rules of the managed network."""
        if created:
            recovered = soft_delete.restore_children(ctx, resource)
            if kind_of(resource.body) != "project":
                (system_datastores.complete if recovered else system_datastores.create)(ctx, resource)
        rules = resource.private.pop("rules", None)
        managed_network.settle(ctx, resource, rules, replace=ctx.request.method == "PUT")
        provision_now = resource.properties.pop("provisionNetworkNow", False)
        if provision_now and managed_network.mode_of(resource.properties) != managed_network.DISABLED:
            managed_network.provision(ctx, resource)
        ctx.save(resource)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """URLs, private endpoint connections, rules, the hub's resources and its projects."""
        return workspace_view.view(ctx, resource)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """A hub keeps its projects; `forceToPurge` is remembered for the end of the operation."""
        projects = workspace_view.projects(ctx, resource)
        if projects:
            raise user_error(f"Hub '{resource.name}' cannot be deleted while it has projects: {', '.join(projects)}.")
        resource.private["purge"] = ctx.request.query.get("forcetopurge", "").lower() == "true"

    def deleting_absent(self, ctx: Context, id_: ResourceId) -> None:
        """Purge a soft-deleted workspace."""
        if ctx.request.query.get("forcetopurge", "").lower() == "true":
            ctx.store.exhume(id_.key)

    def bury(self, ctx: Context, resource: Resource) -> None:
        """Keep it for 14 days, unless it is to be purged."""
        if not resource.private.pop("purge", False):
            soft_delete.bury(ctx, resource)


def kind_of(body: dict[str, Any]) -> str:
    """The kind in lower case."""
    return str(body.get("kind") or "Default").lower()


def _filled(value: Any) -> Any:
    """A value without empty texts, and with "true" and "false" as booleans."""
    if isinstance(value, dict):
        inner = {name: _filled(item) for name, item in value.items()}
        return {name: item for name, item in inner.items() if item not in (None, {})}
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value if value != "" else None


def _check_identity(write: Write) -> None:
    """The primary identity is one of the workspace's, and user-assigned ones, once given, are not given up for the system's."""
    identity: dict[str, Any] = write.body.get("identity", {})
    before: dict[str, Any] = write.old.body.get("identity", {}) if write.old else {}
    if "UserAssigned" in str(before.get("type")).split(",") and "UserAssigned" not in str(identity.get("type")).split(
        ","
    ):
        raise user_error(
            f"The identity of a workspace cannot change from '{before['type']}' to '{identity.get('type')}'.",
            "identity.type",
        )
    primary = write.properties.get("primaryUserAssignedIdentity")
    known = {name.lower() for name in identity.get("userAssignedIdentities", {})}
    if primary is not None and str(primary).lower() not in known:
        raise user_error(
            f"primaryUserAssignedIdentity '{primary}' must be one of identity.userAssignedIdentities.",
            "properties.primaryUserAssignedIdentity",
        )


def _check_links(write: Write, kind: str) -> None:
    for name, type_ in LINKS.items():
        if (value := write.properties.get(name)) is not None:
            found = linked(write.ctx, f"properties.{name}", value, type_)
            if name == "storageAccount" and kind != "featurestore":
                _check_storage(found)
    if kind == "project":
        if "hubResourceId" not in write.properties and "hubResourceId" not in write.old_properties:
            raise bad_request(
                "ValidationError", "A project needs the id of its hub.", target="properties.hubResourceId"
            )
        hub = linked(write.ctx, "properties.hubResourceId", write.properties.get("hubResourceId", ""), WORKSPACES)
        if kind_of(hub.body) != "hub":
            raise bad_request("ValidationError", f"'{hub.id}' is no hub.", target="properties.hubResourceId")
        return
    missing = [name for name in ("storageAccount", "keyVault") if not write.properties.get(name)]
    if missing:
        raise bad_request(
            "ValidationError",
            f"Missing dependent resources in workspace json: {', '.join(missing)}.",
            target=f"properties.{missing[0]}",
        )
    mode = managed_network.mode_of(write.properties)
    if (
        write.old is not None
        and mode != managed_network.DISABLED
        and managed_network.mode_of(write.old_properties) == managed_network.DISABLED
    ):
        computes = [compute.name for compute in write.ctx.children(write.id.id, f"{WORKSPACES}/computes")]
        if computes:
            raise user_error(
                f"A managed network cannot be enabled while the workspace has computes: delete {', '.join(computes)} first.",
                "properties.managedNetwork.isolationMode",
            )


def _check_storage(account: Resource) -> None:
    sku = str(account.body.get("sku", {}).get("name", ""))
    if sku.startswith("Premium") or account.properties.get("isHnsEnabled"):
        what = "a premium account" if sku.startswith("Premium") else "an account with hierarchical namespace"
        raise bad_request(
            "ValidationError",
            f"'{account.id}' is {what}: it cannot be the default storage account of a workspace.",
            target="properties.storageAccount",
        )
