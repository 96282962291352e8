# SPDX-License-Identifier: Apache-2.0
"""Container registries."""

from __future__ import annotations

import base64
import re
from typing import Any, ClassVar

from groundplan_emulator.arm import paths, private_link
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action, route
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget

NAME = r"[A-Za-z0-9]{5,50}"
WORDS = "5 to 50 letters and digits"
LOGIN_SUFFIX = "azurecr.local"
SKUS = ("Basic", "Standard", "Premium")
PASSWORDS = ("password", "password2")
PREMIUM: tuple[tuple[str, object, str], ...] = (
    ("properties.publicNetworkAccess", "Disabled", "DisablingPublicNetworkAccessNotSupported"),
    ("properties.zoneRedundancy", "Enabled", "ZoneRedundancyNotSupported"),
    ("properties.dataEndpointEnabled", True, "DataEndpointNotSupported"),
    ("properties.networkRuleSet.defaultAction", "Deny", "NetworkRuleSetNotSupported"),
    ("properties.encryption.status", "enabled", "SkuNotSupported"),
    ("properties.policies.quarantinePolicy.status", "enabled", "SkuNotSupported"),
    ("properties.policies.trustPolicy.status", "enabled", "SkuNotSupported"),
    ("properties.policies.retentionPolicy.status", "enabled", "SkuNotSupported"),
)
"""What only a Premium registry has: path, value, code. The first and the policies' codes are Azure's; the others are assumed."""
SENTENCES = {
    "DisablingPublicNetworkAccessNotSupported": "Disabling public network access is not supported for the SKU {sku}."
    " For more information, please visit https://aka.ms/acr/private-link.",
    "SkuNotSupported": "The SKU {sku} is not supported.",
}


class Registries(PrivateLinkTarget):
    """Microsoft.ContainerRegistry/registries: global names, admin credentials only while the admin user is enabled.

    Differs from Azure:
    - loginServer is `<name>.azurecr.local`; images are neither stored nor served, and tasks do not run
    """

    type: ClassVar[str] = "Microsoft.ContainerRegistry/registries"
    name_rule: ClassVar[NameRule | None] = NameRule(NAME, WORDS)
    seconds: ClassVar[Seconds] = Seconds(create=10)
    immutable: ClassVar[tuple[str, ...]] = ("properties.zoneRedundancy",)
    references: ClassVar[tuple[str, ...]] = ("properties.networkRuleSet.virtualNetworkRules[*].id",)

    def check(self, write: Write) -> None:
        """Name, sku, and what needs a Premium registry."""
        if write.old is None and _taken(write.ctx, write.id.name):
            raise conflict(
                "AlreadyInUse",
                f"The registry DNS name {_login_server(write.id.name)} is already in use.",
                target="name",
            )
        given = str(write.body.get("sku", {}).get("name", ""))
        sku = next((known for known in SKUS if known.lower() == given.lower()), None)
        if sku is None:
            raise bad_request("InvalidSku", f"The SKU '{given}' is not one of {', '.join(SKUS)}.", target="sku.name")
        write.body["sku"] = {"name": sku, "tier": sku}
        if write.old is not None and sku != "Premium" and private_link.connections(write.ctx, write.old):
            self.connecting(write.ctx, Resource(write.id.id, self.type, write.id.name, write.body))
        for path, value, code in PREMIUM if sku != "Premium" else ():
            if paths.read(write.body, path) == value:
                text = SENTENCES.get(
                    code,
                    f"{path.removeprefix('properties.')} '{value}' is not supported for the SKU {{sku}}; it needs Premium.",
                )
                raise bad_request(code, text.format(sku=sku), target=path)

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        properties = write.properties
        for name, value in (
            ("adminUserEnabled", False),
            ("anonymousPullEnabled", False),
            ("dataEndpointEnabled", False),
            ("publicNetworkAccess", "Enabled"),
            ("networkRuleBypassOptions", "AzureServices"),
            ("zoneRedundancy", "Disabled"),
            ("encryption", {"status": "disabled"}),
            ("policies", {}),
        ):
            if properties.get(name) is None:
                properties[name] = value
        if write.body["sku"]["name"] == "Premium":
            properties.setdefault("networkRuleSet", {"defaultAction": "Allow", "ipRules": []})
        defaults: dict[str, dict[str, Any]] = {
            "quarantinePolicy": {"status": "disabled"},
            "trustPolicy": {"type": "Notary", "status": "disabled"},
            "retentionPolicy": {"days": 7, "status": "disabled"},
            "exportPolicy": {"status": "enabled"},
        }
        for name, value in defaults.items():
            properties["policies"][name] = {**value, **properties["policies"].get(name, {})}
        properties["loginServer"] = _login_server(write.id.name)
        properties["creationDate"] = write.old_properties.get("creationDate", write.ctx.clock.stamp())

    def connecting(self, ctx: Context, resource: Resource) -> None:
        """Private endpoints need a Premium registry."""
        sku = resource.body["sku"]["name"]
        if sku != "Premium":
            raise bad_request(
                "SkuNotSupported",
                f"The SKU {sku} is not supported: private endpoints need a Premium registry.",
                target="sku.name",
            )

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the private endpoint connections and, for a dedicated data endpoint, its host."""
        body = private_link.show(ctx, resource)
        computed: dict[str, Any] = {
            "privateEndpointConnections": body["properties"].get("privateEndpointConnections", [])
        }
        if resource.properties["dataEndpointEnabled"]:
            computed["dataEndpointHostNames"] = [
                f"{resource.name.lower()}.{resource.body['location']}.data.{LOGIN_SUFFIX}"
            ]
        return {**body, "properties": {**body["properties"], **computed}}

    @action("listCredentials")
    def list_credentials(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """User and passwords of the admin."""
        return Response(200, _credentials(ctx, resource))

    @action("regenerateCredential")
    def regenerate_credential(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """A new password; the other one stays."""
        _require_admin(resource)
        name = str(body.get("name", ""))
        if name not in PASSWORDS:
            raise bad_request(
                "InvalidPasswordName", f"The password '{name}' is not one of {', '.join(PASSWORDS)}.", target="name"
            )
        turns = resource.private.setdefault("regenerated", {})
        turns[name] = turns.get(name, 0) + 1
        ctx.save(resource)
        return Response(200, _credentials(ctx, resource))

    @action("listUsages")
    @action("listUsages", "GET")
    def list_usages(self, _ctx: Context, _resource: Resource, _body: dict[str, Any]) -> Response:
        """An empty registry."""
        return Response(200, {"value": [{"name": "Size", "limit": 10737418240, "currentValue": 0, "unit": "Bytes"}]})

    @route("POST", "/subscriptions/{subscriptionId}/providers/Microsoft.ContainerRegistry/checkNameAvailability")
    def check_name(self, ctx: Context, _params: dict[str, str], body: dict[str, Any]) -> Response:
        """Whether a registry could be created under a name."""
        name = str(body.get("name", ""))
        if re.fullmatch(NAME, name) is None:
            answer = {
                "nameAvailable": False,
                "reason": "Invalid",
                "message": f"The registry name '{name}' is invalid: {WORDS}.",
            }
        elif _taken(ctx, name):
            answer = {
                "nameAvailable": False,
                "reason": "AlreadyExists",
                "message": f"The registry {name} is already in use.",
            }
        else:
            answer = {"nameAvailable": True}
        return Response(200, answer)


def _login_server(name: str) -> str:
    return f"{name.lower()}.{LOGIN_SUFFIX}"


def _taken(ctx: Context, name: str) -> bool:
    return any(True for _ in ctx.store.of_type(Registries.type, name=name))


def _require_admin(resource: Resource) -> None:
    if not resource.properties["adminUserEnabled"]:
        raise bad_request(
            "UnAuthorizedForCredentialOperations",
            "Cannot perform credential operations for"
            f" {resource.id} as admin user is disabled. Kindly enable admin user as per docs: https://aka.ms/acr/authentication#admin-account",
        )


def _credentials(ctx: Context, resource: Resource) -> dict[str, Any]:
    _require_admin(resource)
    turns: dict[str, int] = resource.private.get("regenerated", {})
    made = resource.properties["creationDate"]
    values = [ctx.secret("registry", resource.key, made, name, str(turns.get(name, 0)), size=39) for name in PASSWORDS]
    return {
        "username": resource.name,
        "passwords": [
            {"name": name, "value": base64.urlsafe_b64encode(value).decode()}
            for name, value in zip(PASSWORDS, values, strict=True)
        ],
    }
