# SPDX-License-Identifier: Apache-2.0
"""Actions on a workspace: keys, notebooks, diagnosis, managed network."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import action
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services import managed_network
from groundplan_emulator.types.machine_learning_services.service import user_error

ZONES = ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"]
MEMBERS = ["default", "notebook", "inference", "models"]
DIAGNOSES = (
    "userDefinedRouteResults",
    "networkSecurityRuleResults",
    "resourceLockResults",
    "dnsResolutionResults",
    "storageAccountResults",
    "keyVaultResults",
    "containerRegistryResults",
    "applicationInsightsResults",
    "otherResults",
)


class WorkspaceActions:
    """POST and GET actions of workspaces, mixed into their type."""

    @action("listKeys")
    def list_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Keys of the storage account, Application Insights and the registry."""
        properties = resource.properties
        keys: dict[str, Any] = {"notebookAccessKeys": _notebook_keys(ctx, resource)}
        if "storageAccount" in properties:
            keys["userStorageResourceId"] = properties["storageAccount"]
            keys["userStorageKey"] = storage_key(ctx, properties["storageAccount"])
            keys["userStorageArmId"] = properties["storageAccount"]
        insights = ctx.get(str(properties.get("applicationInsights", "")))
        if insights is not None:
            armtype = ctx.type_of(insights)
            shown = armtype.view(ctx, insights) if armtype else insights.body
            keys["appInsightsInstrumentationKey"] = shown.get("properties", {}).get("InstrumentationKey", "")
        registry = ctx.get(str(properties.get("containerRegistry", "")))
        if registry is not None and registry.properties.get("adminUserEnabled"):
            found = _call(ctx, registry, "listcredentials")
            keys["containerRegistryCredentials"] = {
                "location": registry.body.get("location"),
                "username": found.get("username"),
                "passwords": found.get("passwords", []),
            }
        return Response(200, keys)

    @action("resyncKeys")
    def resync_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Keys are read where they are: there is nothing to copy."""
        return Response(200)

    @action("listStorageAccountKeys")
    def list_storage_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The default storage account's first key."""
        return Response(200, {"userStorageKey": storage_key(ctx, str(resource.properties.get("storageAccount", "")))})

    @action("listNotebookKeys")
    def list_notebook_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Keys of the notebook service."""
        return Response(200, _notebook_keys(ctx, resource))

    @action("listNotebookAccessToken")
    def list_notebook_token(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """A token for the notebook service."""
        info = resource.properties.get("notebookInfo", {})
        token = {
            "accessToken": ctx.secret("notebook token", resource.key).hex(),
            "expiresIn": 28800,
            "hostName": info.get("fqdn"),
            "notebookResourceId": info.get("resourceId"),
            "publicDns": "notebooks.azure.net",
            "refreshToken": ctx.secret("notebook refresh", resource.key).hex(),
            "scope": "aznb_identity",
            "tokenType": "Bearer",
        }
        return Response(200, token)

    @action("prepareNotebook")
    def prepare_notebook(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The notebook service is always there."""
        return Response(200, resource.properties.get("notebookInfo", {}))

    @action("diagnose")
    def diagnose(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Which of the workspace's own resources are gone."""
        found: dict[str, list[dict[str, str]]] = {name: [] for name in DIAGNOSES}
        for name in ("storageAccount", "keyVault", "containerRegistry", "applicationInsights"):
            linked = resource.properties.get(name)
            if linked and ctx.get(linked) is None:
                entry = {
                    "code": "ResourceNotFound",
                    "level": "Error",
                    "message": f"The resource '{linked}' was not found.",
                }
                found[f"{name}Results"].append(entry)
        return Response(200, {"value": found})

    @action("provisionManagedNetwork")
    def provision_network(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """Make the managed network now."""
        if managed_network.mode_of(resource.properties) == managed_network.DISABLED:
            raise user_error(f"Workspace '{resource.name}' has no managed network: its isolation mode is 'Disabled'.")
        return Response(200, managed_network.provision(ctx, resource, spark=bool(body.get("includeSpark", False))))

    @action("privateLinkResources", "GET")
    def private_link_resources(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """The one group that private endpoints connect to."""
        entry = {
            "id": f"{resource.id}/privateLinkResources/amlworkspace",
            "name": "amlworkspace",
            "type": f"{resource.type}/privateLinkResources",
            "properties": {"groupId": "amlworkspace", "requiredMembers": MEMBERS, "requiredZoneNames": ZONES},
        }
        return Response(200, {"value": [entry]})

    @action("outboundNetworkDependenciesEndpoints", "GET")
    def outbound_dependencies(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Hosts that computes of the workspace must reach, as Microsoft's "Configure inbound and outbound traffic" names them."""
        location = resource.body["location"]
        hosts = {
            "Azure Active Directory": ["login.microsoftonline.com"],
            "Azure portal": ["management.azure.com"],
            "Azure Machine Learning": [f"{location}.api.azureml.ms", f"{location}.experiments.azureml.net"],
            "Microsoft Container Registry": ["mcr.microsoft.com"],
        }
        value = [
            {
                "properties": {
                    "category": category,
                    "endpoints": [{"domainName": name, "endpointDetails": [{"port": 443}]} for name in names],
                }
            }
            for category, names in hosts.items()
        ]
        return Response(200, {"value": value})

    @action("features", "GET")
    def features(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Features switched on for the workspace: none needs switching."""
        return Response(200, {"value": []})


def storage_key(ctx: Context, account_id: str) -> str:
    """The first key of a storage account; empty when the account is gone."""
    account = ctx.get(account_id)
    keys: list[dict[str, str]] = _call(ctx, account, "listkeys").get("keys", []) if account is not None else []
    return keys[0]["value"] if keys else ""


def _call(ctx: Context, resource: Resource, name: str) -> dict[str, Any]:
    armtype = ctx.type_of(resource)
    function = armtype.actions.get(("POST", name)) if armtype else None
    return function(ctx, resource, {}).body if function else {}


def _notebook_keys(ctx: Context, resource: Resource) -> dict[str, str]:
    return {
        f"{which}AccessKey": ctx.secret("notebook", resource.key, which).hex() for which in ("primary", "secondary")
    }
