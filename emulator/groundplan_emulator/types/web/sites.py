# SPDX-License-Identifier: Apache-2.0
"""Sites: web and function apps."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import resource_not_found
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import Seconds, Write, route
from groundplan_emulator.store import Resource
from groundplan_emulator.types.network.delegation import require_delegation
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget

CONFIG: Final = "/subscriptions/{subscriptionId}/resourceGroups/{group}/providers/Microsoft.Web/sites/{name}/config"
SHOWN: Final[dict[str, Any]] = {
    "numberOfWorkers": 1,
    "linuxFxVersion": "",
    "acrUseManagedIdentityCreds": False,
    "alwaysOn": False,
    "http20Enabled": False,
    "functionAppScaleLimit": 0,
    "minimumElasticInstanceCount": 0,
}
"""What a site's own GET tells of its `siteConfig`, with the service's defaults; everything else there is null."""


class Sites(PrivateLinkTarget):
    """Microsoft.Web/sites: host names, a plan, a delegated subnet, settings that only a POST tells.

    A PUT without an entry of `siteConfig` leaves it as it was.

    Differs from Azure:
    - the host names are Azure's public ones and answer nothing here; no code runs
    - of the configuration's own paths there are `config/web` (GET), `config/appsettings` (PUT, list) and `config/connectionstrings` (list)
    """

    type: ClassVar[str] = "Microsoft.Web/sites"
    seconds: ClassVar[Seconds] = Seconds(create=15)
    global_name: ClassVar[tuple[int, str] | None] = (409, "Conflict")
    references: ClassVar[tuple[str, ...]] = ("properties.serverFarmId",)

    def check(self, write: Write) -> None:
        """A subnet is there, and handed to plans."""
        if subnet := write.properties.get("virtualNetworkSubnetId"):
            require_delegation(write, subnet, "Microsoft.Web/serverFarms")

    def fill(self, write: Write) -> None:
        """Host names and state; the configuration of before where this write says nothing of it."""
        before, given = write.old_properties.get("siteConfig") or {}, write.properties.get("siteConfig") or {}
        write.properties["siteConfig"] = {**before, **given}
        host = f"{write.id.name.lower()}.azurewebsites.net"
        scm = f"{write.id.name.lower()}.scm.azurewebsites.net"
        write.properties.update(
            {
                "defaultHostName": host,
                "hostNames": [host],
                "enabledHostNames": [host, scm],
                "repositorySiteName": write.id.name,
                "state": "Running",
                "usageState": "Normal",
                "availabilityState": "Normal",
            }
        )

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """Little of the configuration, none of the settings."""
        body = super().view(ctx, resource)
        config = resource.properties["siteConfig"]
        shown = {name: config.get(name, default) for name, default in SHOWN.items()}
        hidden = dict.fromkeys(["appSettings", "connectionStrings", *config])
        return {**body, "properties": {**body["properties"], "siteConfig": {**hidden, **shown}}}

    @route("GET", f"{CONFIG}/web")
    def configuration(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """The whole configuration but for the settings."""
        site = _site(ctx, params)
        config = {**SHOWN, **site.properties["siteConfig"], "appSettings": None, "connectionStrings": None}
        return Response(200, _part(site, "web", config))

    @route("POST", f"{CONFIG}/appsettings/list")
    def app_settings(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Names and values."""
        site = _site(ctx, params)
        settings = site.properties["siteConfig"].get("appSettings") or []
        return Response(200, _part(site, "appsettings", {each["name"]: each.get("value") for each in settings}))

    @route("PUT", f"{CONFIG}/appsettings")
    def replace_app_settings(self, ctx: Context, params: dict[str, str], body: dict[str, Any]) -> Response:
        """All settings give way to these."""
        site = _site(ctx, params)
        settings = [{"name": name, "value": value} for name, value in (body.get("properties") or {}).items()]
        site.properties["siteConfig"]["appSettings"] = settings
        ctx.save(site)
        return self.app_settings(ctx, params, {})

    @route("POST", f"{CONFIG}/connectionstrings/list")
    def connection_strings(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Names, kinds and values."""
        site = _site(ctx, params)
        found = site.properties["siteConfig"].get("connectionStrings") or []
        value = {each["name"]: {"value": each.get("connectionString"), "type": each.get("type")} for each in found}
        return Response(200, _part(site, "connectionstrings", value))


def _site(ctx: Context, params: dict[str, str]) -> Resource:
    stem = CONFIG.removesuffix("/config").format_map(params)
    found = ctx.get(stem)
    if found is None:
        raise resource_not_found(Sites.type, params["name"], params["group"])
    return found


def _part(site: Resource, name: str, properties: dict[str, Any]) -> dict[str, Any]:
    id_ = f"{site.id}/config/{name}"
    return {"id": id_, "name": name, "type": f"{Sites.type}/config", "properties": properties}
