# SPDX-License-Identifier: Apache-2.0
"""Subscriptions, tenants, locations, resource providers and the list of all resources."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator import locations
from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.store import Resource

VERSIONS = (
    "2016-06-01",
    "2019-11-01",
    "2020-01-01",
    "2021-01-01",
    "2021-04-01",
    "2022-09-01",
    "2022-12-01",
    "2024-11-01",
)
SUBSCRIPTION = "/subscriptions/{subscriptionId}"
FILTER = re.compile(r"(resourceType|name|location|tagName|tagValue) eq '([^']*)'", re.IGNORECASE)


class Subscriptions(ArmType):
    """Microsoft.Resources/subscriptions: the one subscription, and what ARM answers at its level.

    Differs from Azure:
    - there is one subscription and one tenant; both exist from the first start and cannot be changed
    - every resource provider is registered
    - the list of resources takes `$filter` with `eq` and `and` on resourceType, name, location, tagName and tagValue only
    """

    type: ClassVar[str] = "Microsoft.Resources/subscriptions"
    api_versions: ClassVar[tuple[str, ...]] = VERSIONS

    def default(self, ctx: Context, id_: ResourceId) -> Resource | None:
        """The subscription exists without a PUT."""
        subscription = ctx.settings.identity.subscription_id
        if id_.key != f"/subscriptions/{subscription}":
            return None
        return Resource(f"/subscriptions/{subscription}", self.type, subscription, _subscription(ctx), "0")

    @route("GET", "/subscriptions")
    def list_subscriptions(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """All subscriptions of the caller."""
        return Response(200, {"value": [_subscription(ctx)], "count": {"type": "Total", "value": 1}})

    @route("GET", "/tenants")
    def list_tenants(self, ctx: Context, _params: dict[str, str], _body: dict[str, Any]) -> Response:
        """All tenants of the caller."""
        tenant = ctx.settings.identity.tenant_id
        entry = {
            "id": f"/tenants/{tenant}",
            "tenantId": tenant,
            "tenantCategory": "Home",
            "displayName": "Azure on localhost",
        }
        return Response(200, {"value": [entry]})

    @route("GET", f"{SUBSCRIPTION}/locations")
    def list_locations(self, _ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Regions of the subscription."""
        items = [
            {
                "id": f"/subscriptions/{params['subscriptionId']}/locations/{name}",
                "name": name,
                "type": "Region",
                "displayName": display,
                "regionalDisplayName": display,
                "metadata": {"regionType": "Physical"},
            }
            for name, display in locations.DISPLAY_NAMES.items()
        ]
        return Response(200, {"value": items})

    @route("GET", f"{SUBSCRIPTION}/resources")
    def list_resources(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Every top-level resource of the subscription."""
        return _resources(ctx, f"/subscriptions/{params['subscriptionId']}")

    @route("GET", f"{SUBSCRIPTION}/resourceGroups/{{resourceGroupName}}/resources")
    def list_group_resources(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Every top-level resource of a resource group."""
        group = f"/subscriptions/{params['subscriptionId']}/resourceGroups/{params['resourceGroupName']}"
        if not ctx.store.exists(group):
            raise ArmError(
                404, "ResourceGroupNotFound", f"Resource group '{params['resourceGroupName']}' could not be found."
            )
        return _resources(ctx, group)

    @route("GET", f"{SUBSCRIPTION}/providers")
    def list_providers(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Every resource provider, with its types."""
        names = sorted({row.arm_type.split("/")[0] for row in ctx.registry.catalog.types()}, key=str.lower)
        unique = {name.lower(): name for name in names}
        return lifecycle.page(ctx, [_provider(ctx, params["subscriptionId"], name) for name in unique.values()])

    @route("GET", f"{SUBSCRIPTION}/providers/{{namespace}}")
    def get_provider(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """One resource provider."""
        return Response(200, _provider(ctx, params["subscriptionId"], params["namespace"]))

    @route("POST", f"{SUBSCRIPTION}/providers/{{namespace}}/register")
    def register_provider(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Registering is idempotent: every provider is registered already."""
        return Response(200, _provider(ctx, params["subscriptionId"], params["namespace"]))


def _subscription(ctx: Context) -> dict[str, Any]:
    identity = ctx.settings.identity
    return {
        "id": f"/subscriptions/{identity.subscription_id}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": identity.subscription_id,
        "tenantId": identity.tenant_id,
        "displayName": "Azure on localhost",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Internal_2014-09-01",
            "quotaId": "Internal_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def _provider(ctx: Context, subscription: str, namespace: str) -> dict[str, Any]:
    rows = [row for row in ctx.registry.catalog.types() if row.arm_type.lower().startswith(namespace.lower() + "/")]
    if not rows:
        raise ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
    spelt = rows[0].arm_type.split("/")[0]
    return {
        "id": f"/subscriptions/{subscription}/providers/{spelt}",
        "namespace": spelt,
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": [
            {
                "resourceType": row.arm_type.partition("/")[2],
                "locations": list(locations.DISPLAY_NAMES.values()),
                "apiVersions": sorted(row.api_versions, reverse=True),
                "capabilities": "SupportsTags, SupportsLocation" if row.tracked else "None",
            }
            for row in rows
        ],
    }


def _resources(ctx: Context, scope: str) -> Response:
    wanted = [(field.lower(), value.lower()) for field, value in FILTER.findall(ctx.request.query.get("$filter", ""))]
    items = [
        {
            key: body[key]
            for key in ("id", "name", "type", "location", "tags", "kind", "sku", "identity", "managedBy")
            if key in body
        }
        for resource in ctx.store.descendants(scope)
        if "location" in (body := resource.body) and resource.type.count("/") == 1 and "/providers/" in resource.key
    ]
    return lifecycle.page(ctx, [item for item in items if all(_matches(item, *test) for test in wanted)])


def _matches(item: dict[str, Any], field: str, value: str) -> bool:
    tags: dict[str, str] = item.get("tags") or {}
    match field:
        case "resourcetype":
            return item["type"].lower() == value
        case "tagname":
            return value in {name.lower() for name in tags}
        case "tagvalue":
            return value in {str(text).lower() for text in tags.values()}
        case _:
            return str(item.get(field, "")).lower() == value
