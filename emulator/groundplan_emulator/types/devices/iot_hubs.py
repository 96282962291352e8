# SPDX-License-Identifier: Apache-2.0
"""IoT hubs."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action, route
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget

HUB = "/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.Devices/IotHubs/{name}"
POLICIES = {
    "iothubowner": "RegistryWrite, ServiceConnect, DeviceConnect",
    "service": "ServiceConnect",
    "device": "DeviceConnect",
    "registryRead": "RegistryRead",
    "registryReadWrite": "RegistryWrite",
}
"""Shared access policies that every hub is made with. Source: Microsoft's "Control access to IoT Hub"."""


class IotHubs(PrivateLinkTarget):
    """Microsoft.Devices/IotHubs: global names, a host name, derived keys of the shared access policies.

    Differs from Azure:
    - no device can connect; the host name is `<name>.azure-devices.local`
    - routing endpoints are not tried out, though Azure refuses those that it may not write to
    - policies of one's own have keys as the built-in ones do, but keys cannot be chosen or regenerated
    """

    type: ClassVar[str] = "Microsoft.Devices/IotHubs"
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"(?=.{3,50}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?",
        "3 to 50 letters, digits and hyphens, not ending in a hyphen",
    )
    global_name: ClassVar[tuple[int, str] | None] = (409, "IotHubNameUnavailable")
    seconds: ClassVar[Seconds] = Seconds(create=60, update=30, delete=30)

    def fill(self, write: Write) -> None:
        """Defaults of the service."""
        tiers = {"F": "Free", "B": "Basic", "S": "Standard"}
        write.body["sku"]["tier"] = tiers.get(str(write.body["sku"].get("name", "S"))[:1], "Standard")
        write.properties.update(state="Active", hostName=f"{write.id.name.lower()}.azure-devices.local")

    @action("listkeys")
    def list_keys(self, ctx: Context, resource: Resource, _body: dict[str, Any]) -> Response:
        """Every shared access policy with its keys."""
        return Response(200, {"value": [_policy(ctx, resource, name) for name in _names(resource)]})

    @route("POST", f"{HUB}/iotHubKeys/{{keyName}}/listkeys")
    def list_keys_of_one(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """One shared access policy with its keys."""
        name = params["keyName"]
        resource = ctx.linked("name", ctx.request.path.rsplit("/", 3)[0])
        found = next((each for each in _names(resource) if each.lower() == name.lower()), None)
        if found is None:
            raise ArmError(404, "ResourceNotFound", f"The shared access policy '{name}' was not found.", target=name)
        return Response(200, _policy(ctx, resource, found))


def _names(resource: Resource) -> dict[str, str]:
    own = resource.properties.get("authorizationPolicies") or []
    return POLICIES | {str(policy["keyName"]): str(policy["rights"]) for policy in own}


def _policy(ctx: Context, resource: Resource, name: str) -> dict[str, str]:
    keys = {
        f"{which}Key": base64.b64encode(ctx.secret("iot hub", resource.key, name, which)).decode()
        for which in ("primary", "secondary")
    }
    return {"keyName": name, "rights": _names(resource)[name], **keys}
