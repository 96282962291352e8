# SPDX-License-Identifier: Apache-2.0
"""Private DNS zones of an ML platform, linked to its virtual networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import privatedns

from groundplan.component import Component
from groundplan.errors import ArgumentError

Cloud = Literal["public", "usgov", "china"]

ZONES: Final[Mapping[str, Mapping[Cloud, str]]] = {
    "aml-api": {
        "public": "privatelink.api.azureml.ms",
        "usgov": "privatelink.api.ml.azure.us",
        "china": "privatelink.api.ml.azure.cn",
    },
    "aml-notebooks": {
        "public": "privatelink.notebooks.azure.net",
        "usgov": "privatelink.notebooks.usgovcloudapi.net",
        "china": "privatelink.notebooks.chinacloudapi.cn",
    },
    "blob": {
        "public": "privatelink.blob.core.windows.net",
        "usgov": "privatelink.blob.core.usgovcloudapi.net",
        "china": "privatelink.blob.core.chinacloudapi.cn",
    },
    "dfs": {
        "public": "privatelink.dfs.core.windows.net",
        "usgov": "privatelink.dfs.core.usgovcloudapi.net",
        "china": "privatelink.dfs.core.chinacloudapi.cn",
    },
    "file": {
        "public": "privatelink.file.core.windows.net",
        "usgov": "privatelink.file.core.usgovcloudapi.net",
        "china": "privatelink.file.core.chinacloudapi.cn",
    },
    "queue": {
        "public": "privatelink.queue.core.windows.net",
        "usgov": "privatelink.queue.core.usgovcloudapi.net",
        "china": "privatelink.queue.core.chinacloudapi.cn",
    },
    "registry": {
        "public": "privatelink.azurecr.io",
        "usgov": "privatelink.azurecr.us",
        "china": "privatelink.azurecr.cn",
    },
    "table": {
        "public": "privatelink.table.core.windows.net",
        "usgov": "privatelink.table.core.usgovcloudapi.net",
        "china": "privatelink.table.core.chinacloudapi.cn",
    },
    "vault": {
        "public": "privatelink.vaultcore.azure.net",
        "usgov": "privatelink.vaultcore.usgovcloudapi.net",
        "china": "privatelink.vaultcore.azure.cn",
    },
}
"""Zone names by our key and Azure cloud. Source: Microsoft's "Azure Private Endpoint private DNS zone values";
the Chinese zone of `registry` is not in that page."""

GROUP_ZONES: Final[Mapping[str, tuple[str, ...]]] = {
    "amlregistry": ("aml-api",),
    "amlworkspace": ("aml-api", "aml-notebooks"),
    "blob": ("blob",),
    "dfs": ("dfs",),
    "file": ("file",),
    "queue": ("queue",),
    "registry": ("registry",),
    "table": ("table",),
    "vault": ("vault",),
}
"""Keys of the zones that each private link group id needs; a workspace needs two."""

PLATFORM_ZONES: Final = ("aml-api", "aml-notebooks", "blob", "file", "registry", "vault")
"""What a workspace with its vault, storage account and container registry needs."""


@dataclass(frozen=True, kw_only=True)
class PrivateDnsArgs:
    """Arguments of `PrivateDns`."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the zones."""
    virtual_network_ids: Mapping[str, Input[str]]
    """Required. ARM ids of the networks that resolve through the zones, by a key that becomes part of the link's
    name."""
    cloud: Cloud = "public"
    """Optional. Azure cloud whose zone names are used. Default: `public`."""
    zones: tuple[str, ...] = PLATFORM_ZONES
    """Optional. Keys of the zones (`dns.ZONES`). Default: those of a workspace with vault, storage and container
    registry."""
    tags: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Optional. Azure tags of zones and links. Default: none."""

    def __post_init__(self) -> None:
        if unknown := [zone for zone in self.zones if zone not in ZONES]:
            raise ArgumentError(f"private DNS: unknown zones {unknown}; known: {', '.join(ZONES)}")
        if not self.virtual_network_ids:
            raise ArgumentError("private DNS: virtual_network_ids is empty, so nothing could resolve through the zones")


class PrivateDns(Component):
    """Private DNS zones for private endpoints, each linked to every given virtual network.

    Example:
        dns = PrivateDns("dns", PrivateDnsArgs(resource_group_name=group.name, virtual_network_ids={"hub": network.id}))
    """

    zone_ids: Mapping[str, Output[str]]
    """ARM ids of the zones by key: what `PrivateEndpoint.dns_zone_ids` takes."""

    def __init__(self, name: str, args: PrivateDnsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        zone_ids: dict[str, Output[str]] = {}
        for key in args.zones:
            zone = privatedns.PrivateZone(
                f"{name}-{key}",
                private_zone_name=ZONES[key][args.cloud],
                resource_group_name=args.resource_group_name,
                location="global",
                tags=args.tags,
                opts=self.child(),
            )
            for network, network_id in args.virtual_network_ids.items():
                privatedns.VirtualNetworkLink(
                    f"{name}-{key}-{network}",
                    virtual_network_link_name=network,
                    private_zone_name=zone.name,
                    resource_group_name=args.resource_group_name,
                    location="global",
                    registration_enabled=False,
                    virtual_network=privatedns.SubResourceArgs(id=network_id),
                    tags=args.tags,
                    opts=self.child(),
                )
            zone_ids[key] = zone.id
        self.zone_ids = zone_ids
        self.seal()
