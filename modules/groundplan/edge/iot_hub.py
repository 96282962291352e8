# SPDX-License-Identifier: Apache-2.0
"""Where devices report and get their orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import iothub, security

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.identities import principal_of
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

Source = Literal["DeviceMessages", "TwinChangeEvents", "DeviceLifecycleEvents", "DeviceConnectionStateEvents"]

MAX_UNITS: Final[Mapping[str, int]] = {"S1": 200, "S2": 200, "S3": 10}
"""Azure's limit of units for each edition. Source: learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling."""


@dataclass(frozen=True, kw_only=True)
class EventHubRoute:
    """Messages that go on to an event hub."""

    namespace_uri: Input[str]
    """Required. `sb://<namespace>.servicebus.windows.net`."""
    event_hub: Input[str]
    """Required. Name of the event hub."""
    condition: str = "true"
    """Optional. Query that a message must meet, e.g. `temperature > 80`. Default: all messages."""
    source: Source = "DeviceMessages"
    """Optional. Kind of messages. Default: what devices send."""


@dataclass(frozen=True, kw_only=True)
class StorageRoute:
    """Messages that go on to blobs of a storage account, e.g. to train on later."""

    blob_endpoint: Input[str]
    """Required. `https://<account>.blob.core.windows.net/`."""
    container: Input[str]
    """Required. Name of the container."""
    condition: str = "true"
    """Optional. Query that a message must meet. Default: all messages."""
    source: Source = "DeviceMessages"
    """Optional. Kind of messages. Default: what devices send."""
    encoding: Literal["Avro", "JSON"] = "JSON"
    """Optional. Format of the blobs. It cannot change later. Default: `JSON`."""
    batch_seconds: int = 300
    """Optional. Seconds until a blob is written, 60 to 720. Default: 300."""
    batch_megabytes: int = 300
    """Optional. Size at which a blob is written, 10 to 500. Default: 300."""

    def __post_init__(self) -> None:
        # Source of both: RoutingStorageContainerProperties in the specification of Microsoft.Devices
        if not 60 <= self.batch_seconds <= 720:
            raise ArgumentError(f"storage route: batch_seconds is {self.batch_seconds}; allowed are 60 to 720")
        if not 10 <= self.batch_megabytes <= 500:
            raise ArgumentError(f"storage route: batch_megabytes is {self.batch_megabytes}; allowed are 10 to 500")


@dataclass(frozen=True, kw_only=True)
class IotHubArgs(ResourceArgs):
    """Arguments of `IotHub`."""

    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`, unless devices come from anywhere."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zones of the hub's private endpoint. Required unless `public_network_access` is set."""
    local_authentication: bool = False
    """Optional. Accept the hub's own shared access policies beside Microsoft Entra ID. Device provisioning needs one.
    Default: no."""
    device_keys: bool = False
    """Optional. Devices and modules may sign with symmetric keys. Default: no; they show X.509 certificates."""
    edition: Literal["S1", "S2", "S3"] = "S1"
    """Optional. 400,000 (`S1`), 6 million (`S2`) or 300 million (`S3`) messages a day and unit. Default: `S1`."""
    units: int = 1
    """Optional. Units of the edition, 1 to 200 (`S3`: 10). Default: 1."""
    partitions: int = 4
    """Optional. Partitions of the built-in endpoint, 2 to 128; a change replaces the hub, with its devices. Default: 4."""
    retention_days: int = 1
    """Optional. Days that the built-in endpoint keeps messages, 1 to 7. Default: 1."""
    consumer_groups: tuple[str, ...] = ()
    """Optional. Names of readers of the built-in endpoint, which each see all messages. Default: none but `$Default`."""
    routes: Mapping[str, EventHubRoute | StorageRoute] = field(default_factory=dict[str, EventHubRoute | StorageRoute])
    """Optional. Where messages go on to, by the name of route and endpoint. Default: nowhere."""
    fallback: bool = True
    """Optional. Messages that no route takes go to the built-in endpoint. Default: yes."""
    identity_id: Input[str] | None = None
    """Conditional. ARM id of the user-assigned identity that writes to the routes' endpoints; it needs `Azure Event Hubs Data
    Sender` and `Storage Blob Data Contributor` there. Required with `routes`: Azure checks them while it makes the hub, when the
    hub's own identity has no roles yet."""
    defender_workspace_id: Input[str] | None = None
    """Optional. ARM id of the Log Analytics workspace to which Microsoft Defender for IoT reports. Default: no Defender."""
    hub_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "iot hub: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        if not 1 <= self.units <= MAX_UNITS[self.edition]:
            raise ArgumentError(
                f"iot hub: units is {self.units}; allowed are 1 to {MAX_UNITS[self.edition]} of {self.edition}"
            )
        # Source of both: event_hub_partition_count and event_hub_retention_in_days of azurerm_iothub
        if not 2 <= self.partitions <= 128:
            raise ArgumentError(f"iot hub: partitions is {self.partitions}; allowed are 2 to 128")
        if not 1 <= self.retention_days <= 7:
            raise ArgumentError(f"iot hub: retention_days is {self.retention_days}; allowed are 1 to 7")
        if self.routes and self.identity_id is None:
            raise ArgumentError(f"iot hub: routes {', '.join(self.routes)} need identity_id, as which the hub writes")
        if reserved := {"events", "operationsMonitoringEvents", "fileNotifications", "$default"} & set(self.routes):
            raise ArgumentError(f"iot hub: {min(reserved)!r} cannot name a route; Azure has an endpoint of that name")


class IotHub(Component):
    """An IoT hub without keys or a way in from the internet, that sends messages on as an identity.

    Example:
        IotHub("plants", IotHubArgs(resource_group_name=group.name, private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name."""
    host: Output[str]
    """Host name that devices connect to."""
    principal_id: Output[str]
    """Object id of the system-assigned identity."""

    def __init__(self, name: str, args: IotHubArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        hub = self._hub(name, args)
        children: list[Resource | None] = [
            iothub.IotHubResourceEventHubConsumerGroup(
                f"{name}-{group}",
                name=group,
                resource_name_=hub.name,
                resource_group_name=args.resource_group_name,
                event_hub_endpoint_name="events",
                properties=iothub.EventHubConsumerGroupNameArgs(name=group),
                opts=self.child(),
            )
            for group in args.consumer_groups
        ]
        children.append(self._defend(name, hub, args))
        endpoint_name = f"pep-{args.hub_name or name}"
        children.append(connect(self, f"{name}-link", hub.id, "iotHub", args.private_endpoint, args, endpoint_name))
        attach(self, name, hub.id, args, arm_type="Microsoft.Devices/IotHubs", after=children)
        self.id = hub.id
        self.name = hub.name
        self.host = hub.properties.host_name
        self.principal_id = principal_of(hub.identity)
        self.seal()

    def _hub(self, name: str, args: IotHubArgs) -> iothub.IotHubResource:
        own = args.identity_id
        return iothub.IotHubResource(
            name,
            resource_name_=check_name("iot_hub", args.hub_name or name),
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=iothub.IotHubSkuInfoArgs(name=args.edition, capacity=args.units),
            identity=iothub.ArmIdentityArgs(type=iothub.ResourceIdentityType.SYSTEM_ASSIGNED)
            if own is None
            else iothub.ArmIdentityArgs(
                type=iothub.ResourceIdentityType.SYSTEM_ASSIGNED_USER_ASSIGNED, user_assigned_identities=[own]
            ),
            properties=iothub.IotHubPropertiesArgs(
                public_network_access="Enabled" if args.public_network_access else "Disabled",
                disable_local_auth=not args.local_authentication,
                disable_device_sas=not args.device_keys,
                disable_module_sas=not args.device_keys,
                min_tls_version="1.2",
                enable_file_upload_notifications=False,
                features="None",
                event_hub_endpoints={
                    "events": iothub.EventHubPropertiesArgs(
                        partition_count=args.partitions, retention_time_in_days=args.retention_days
                    )
                },
                routing=_routing(args),
            ),
            tags=args.tags,
            opts=self.child(
                ResourceOptions(
                    replace_on_changes=["properties.eventHubEndpoints.events.partitionCount"],
                    delete_before_replace=True,
                )
            ),
        )

    def _defend(self, name: str, hub: iothub.IotHubResource, args: IotHubArgs) -> Resource | None:
        if args.defender_workspace_id is None:
            return None
        return security.IotSecuritySolution(
            f"{name}-defender",
            solution_name=args.hub_name or name,
            display_name=args.hub_name or name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            iot_hubs=[hub.id],
            workspace=args.defender_workspace_id,
            status=security.SecuritySolutionStatus.ENABLED,
            unmasked_ip_logging_status=security.UnmaskedIpLoggingStatus.DISABLED,
            tags=args.tags,
            opts=self.child(),
        )


def _routing(args: IotHubArgs) -> iothub.RoutingPropertiesArgs:
    writer = iothub.ManagedIdentityArgs(user_assigned_identity=args.identity_id)
    hubs = {key: route for key, route in args.routes.items() if isinstance(route, EventHubRoute)}
    stores = {key: route for key, route in args.routes.items() if isinstance(route, StorageRoute)}
    return iothub.RoutingPropertiesArgs(
        endpoints=iothub.RoutingEndpointsArgs(
            event_hubs=[
                iothub.RoutingEventHubPropertiesArgs(
                    name=key,
                    authentication_type="identityBased",
                    endpoint_uri=route.namespace_uri,
                    entity_path=route.event_hub,
                    identity=writer,
                )
                for key, route in hubs.items()
            ],
            storage_containers=[
                iothub.RoutingStorageContainerPropertiesArgs(
                    name=key,
                    authentication_type="identityBased",
                    endpoint_uri=route.blob_endpoint,
                    container_name=route.container,
                    identity=writer,
                    encoding=route.encoding,
                    file_name_format="{iothub}/{partition}/{YYYY}/{MM}/{DD}/{HH}/{mm}",
                    batch_frequency_in_seconds=route.batch_seconds,
                    max_chunk_size_in_bytes=route.batch_megabytes * 1024 * 1024,
                )
                for key, route in stores.items()
            ],
        ),
        routes=[
            iothub.RoutePropertiesArgs(
                name=key, source=route.source, condition=route.condition, endpoint_names=[key], is_enabled=True
            )
            for key, route in args.routes.items()
        ],
        fallback_route=iothub.FallbackRoutePropertiesArgs(
            name="$fallback",
            source="DeviceMessages",
            condition="true",
            endpoint_names=["events"],
            is_enabled=args.fallback,
        ),
    )
