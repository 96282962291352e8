# SPDX-License-Identifier: Apache-2.0
"""Where a device that is switched on for the first time learns which hub is its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, InvokeOptions, Output, ResourceOptions
from pulumi_azure_native import deviceprovisioningservices as dps
from pulumi_azure_native import iothub

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect


@dataclass(frozen=True, kw_only=True)
class LinkedHub:
    """An IoT hub that devices are assigned to."""

    hub_name: Input[str]
    """Required. Azure name of the hub; it needs `local_authentication`."""
    host: Input[str]
    """Required. Host name of the hub, `IotHub.host`."""
    location: Input[str]
    """Required. Region of the hub."""
    resource_group_name: Input[str] | None = None
    """Optional. Resource group of the hub. Default: that of the provisioning service."""
    policy: str = "iothubowner"
    """Optional. Shared access policy of the hub that may register and serve devices. Default: the hub's own `iothubowner`."""
    weight: int = 1
    """Optional. Share of the devices under the policy `Hashed`, 0 to 1000. Default: 1."""
    assigns: bool = True
    """Optional. The hub gets devices. Default: yes; `False` lets it run empty."""

    def __post_init__(self) -> None:
        # Source: linked_hub.allocation_weight of azurerm_iothub_dps
        if not 0 <= self.weight <= 1000:
            raise ArgumentError(f"linked hub: weight is {self.weight}; allowed are 0 to 1000")


@dataclass(frozen=True, kw_only=True)
class DeviceProvisioningArgs(ResourceArgs):
    """Arguments of `DeviceProvisioning`."""

    hubs: Mapping[str, LinkedHub]
    """Required. Hubs that devices are assigned to, by key."""
    allocation: Literal["Hashed", "GeoLatency", "Static"] = "Hashed"
    """Optional. How a hub is chosen: evenly by weight, the nearest, or as the enrolment says. Default: evenly."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Devices that come from anywhere need it."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the private endpoint. Required unless `public_network_access` is set."""
    service_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.hubs:
            raise ArgumentError("device provisioning: hubs is empty, so no device could be assigned; link at least one")
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "device provisioning: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class DeviceProvisioning(Component):
    """A device provisioning service, linked to its hubs, without a way in from the internet.

    Example:
        DeviceProvisioning("enrol", DeviceProvisioningArgs(
            resource_group_name=group.name, private_endpoint=placement,
            hubs={"plants": LinkedHub(hub_name=hub.name, host=hub.host, location="westeurope")}))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    id_scope: Output[str]
    """What a device shows to say which service it belongs to. No secret."""
    service_host: Output[str]
    """Host name for those who manage enrolments."""
    device_host: Output[str]
    """Host name for devices."""

    def __init__(self, name: str, args: DeviceProvisioningArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("device_provisioning", args.service_name or name)
        service = dps.IotDpsResource(
            name,
            provisioning_service_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=dps.IotDpsSkuInfoArgs(name="S1", capacity=1),
            identity=dps.ManagedServiceIdentityArgs(type="SystemAssigned"),
            properties=dps.IotDpsPropertiesDescriptionArgs(
                allocation_policy=args.allocation,
                public_network_access="Enabled" if args.public_network_access else "Disabled",
                iot_hubs=[_link(hub, args) for hub in args.hubs.values()],
            ),
            tags=args.tags,
            opts=self.child(),
        )
        link = connect(self, f"{name}-link", service.id, "iotDps", args.private_endpoint, args, f"pep-{azure_name}")
        attach(self, name, service.id, args, arm_type="Microsoft.Devices/provisioningServices", after=[link])
        self.id = service.id
        self.name = service.name
        self.id_scope = service.properties.id_scope
        self.service_host = service.properties.service_operations_host_name
        self.device_host = service.properties.device_provisioning_host_name
        self.seal()


def _link(hub: LinkedHub, args: DeviceProvisioningArgs) -> dps.IotHubDefinitionDescriptionArgs:
    group = args.resource_group_name if hub.resource_group_name is None else hub.resource_group_name
    # an output, so that the key is asked for when the hub is there, and stays a secret
    key = iothub.list_iot_hub_resource_keys_for_key_name_output(
        key_name=hub.policy, resource_name=hub.hub_name, resource_group_name=group, opts=InvokeOptions()
    ).primary_key
    return dps.IotHubDefinitionDescriptionArgs(
        connection_string=Output.secret(
            Output.concat("HostName=", hub.host, ";SharedAccessKeyName=", hub.policy, ";SharedAccessKey=", key)
        ),
        location=hub.location,
        allocation_weight=hub.weight,
        apply_allocation_policy=hub.assigns,
    )
