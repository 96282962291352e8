# SPDX-License-Identifier: Apache-2.0
"""Streams of events: an Event Hubs namespace and its hubs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_azure_native import authorization, eventhub

from groundplan.attachments import attach, grant_role
from groundplan.component import Component
from groundplan.data.keys import key_part
from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey, PrivateEndpoint, ResourceArgs, RoleGrant
from groundplan.naming import check_name
from groundplan.networking.private_link import connect
from groundplan.propagation import once_granted

Sku = Literal["Basic", "Standard", "Premium"]
MAX_HOURS: Mapping[Sku, int] = {"Basic": 24, "Standard": 168, "Premium": 2160}
MAX_PARTITIONS: Mapping[Sku, int] = {"Basic": 32, "Standard": 32, "Premium": 100}
MAX_UNITS: Mapping[Sku, int] = {"Basic": 40, "Standard": 40, "Premium": 16}
"""Source of all three: learn.microsoft.com/azure/event-hubs/compare-tiers."""
_PATH = "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}"


@dataclass(frozen=True, kw_only=True)
class Capture:
    """Files of a hub's events, written to a container by Azure."""

    container: str
    """Required. Container, or Data Lake file system, of the namespace's `capture_storage_id`."""
    minutes: int = 5
    """Optional. A file is closed after so many minutes, 1 to 15. Default: 5."""
    megabytes: int = 300
    """Optional. A file is closed at this size in MiB, 10 to 500. Default: 300."""
    empty_files: bool = False
    """Optional. Write files for spans without events. Default: no."""
    path: str = _PATH
    """Optional. Format of the files' paths, with all of Azure's placeholders. Default: a folder for each namespace, hub, partition
    and time."""

    def __post_init__(self) -> None:
        # Source of both: CaptureDescription in the specification of Microsoft.EventHub
        if not 1 <= self.minutes <= 15:
            raise ArgumentError(f"capture: minutes is {self.minutes}; allowed are 1 to 15")
        if not 10 <= self.megabytes <= 500:
            raise ArgumentError(f"capture: megabytes is {self.megabytes}; allowed are 10 to 500")


@dataclass(frozen=True, kw_only=True)
class EventHub:
    """One stream."""

    partitions: int = 4
    """Optional. Parts that readers share, 1 to 32, on `Premium` to 100; only `Premium` can add some later. Default: 4."""
    retention_hours: int = 24
    """Optional. Hours that events are kept, on `Basic` to 24, on `Standard` to 168, on `Premium` to 2160. Default: 24."""
    consumer_groups: tuple[str, ...] = ()
    """Optional. Names of the readers' own positions, one for each kind of reader; not on `Basic`. Default: `$Default` alone."""
    capture: Capture | None = None
    """Optional. Keep all events as Avro files; not on `Basic`. Default: no."""


@dataclass(frozen=True, kw_only=True)
class EventHubsArgs(ResourceArgs):
    """Arguments of `EventHubs`."""

    sku: Sku = "Standard"
    """Optional. `Premium` has isolated resources, customer keys and longer retention. Default: `Standard`, the smallest with
    private endpoints and capture."""
    capacity: int = 1
    """Optional. Throughput units, 1 to 40, or processing units of `Premium`, 1 to 16. Default: 1."""
    max_capacity: int = 0
    """Optional. Most throughput units that Azure goes up to by itself; `Standard` only, not below `capacity`. Default: 0,
    it stays."""
    hubs: Mapping[str, EventHub] = field(default_factory=dict[str, EventHub])
    """Optional. Streams by name. Default: none."""
    capture_storage_id: Input[str] | None = None
    """Conditional. ARM id of the storage account that receives captured events; the namespace's identity gets the role
    for it. Required if a hub has `capture`."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the namespace's private endpoint. Required unless `public_network_access` is
    set."""
    trusted_services: bool = False
    """Optional. Microsoft's trusted services, such as Event Grid and Azure Monitor, pass the firewall. Default: no."""
    local_authentication: bool = False
    """Optional. Accept connection strings and SAS tokens. Default: no; callers use their identity, with `Azure Event Hubs
    Data Sender` or `Azure Event Hubs Data Receiver`."""
    customer_key: CustomerKey | None = None
    """Optional. The customer's own key for data at rest; `Premium` only. Default: Microsoft's key."""
    namespace_name: str | None = None
    """Optional. Azure name, unique over all of Azure. Default: the component's name."""

    def __post_init__(self) -> None:
        if not 1 <= self.capacity <= MAX_UNITS[self.sku]:
            raise ArgumentError(
                f"event hubs: capacity is {self.capacity}; allowed for {self.sku!r} are 1 to {MAX_UNITS[self.sku]}"
            )
        if self.max_capacity and (
            self.sku != "Standard" or not self.capacity <= self.max_capacity <= MAX_UNITS[self.sku]
        ):
            raise ArgumentError(
                f"event hubs: max_capacity is {self.max_capacity} with sku {self.sku!r}; allowed are capacity "
                f"({self.capacity}) to {MAX_UNITS['Standard']} with 'Standard'"
            )
        if self.customer_key and self.sku != "Premium":
            raise ArgumentError(f"event hubs: customer_key needs sku 'Premium', but sku is {self.sku!r}")
        if self.sku == "Basic" and self.private_endpoint is not None:
            raise ArgumentError("event hubs: private_endpoint needs sku 'Standard' or 'Premium', but sku is 'Basic'")
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "event hubs: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )
        for name, hub in self.hubs.items():
            self._check_hub(check_name("event_hub", name), hub)

    def _check_hub(self, name: str, hub: EventHub) -> None:
        for argument, most in (("partitions", MAX_PARTITIONS[self.sku]), ("retention_hours", MAX_HOURS[self.sku])):
            if not 1 <= (value := getattr(hub, argument)) <= most:
                raise ArgumentError(
                    f"event hub {name!r}: {argument} is {value}; allowed for {self.sku!r} are 1 to {most}"
                )
        if self.sku == "Basic" and (hub.consumer_groups or hub.capture):
            raise ArgumentError(
                f"event hub {name!r}: consumer_groups and capture need sku 'Standard' or 'Premium', but sku is 'Basic'"
            )
        if hub.capture and self.capture_storage_id is None:
            raise ArgumentError(f"event hub {name!r}: capture needs the namespace's capture_storage_id")


class EventHubs(Component):
    """A namespace without connection strings, closed to the internet, that captures events with its own identity.

    Example:
        EventHubs("events", EventHubsArgs(
            resource_group_name=group.name, namespace_name="evhns-vision-dev-4f9a21", private_endpoint=placement,
            hubs={"telemetry": EventHub(consumer_groups=("scoring",))}))
    """

    id: Output[str]
    """ARM id of the namespace."""
    name: Output[str]
    """Azure name of the namespace."""
    endpoint: Output[str]
    """URL of the namespace, e.g. `https://<name>.servicebus.windows.net:443/`."""
    hub_ids: Mapping[str, Output[str]]
    """ARM ids of the hubs by name."""
    principal_id: Output[str]
    """Object id of the namespace's system-assigned identity."""

    def __init__(self, name: str, args: EventHubsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        azure_name = check_name("event_hub_namespace", args.namespace_name or name)
        namespace = self._namespace(name, azure_name, args)
        principal = namespace.identity.apply(lambda identity: identity.principal_id if identity else "")
        granted: list[authorization.RoleAssignment] = []
        if args.capture_storage_id is not None:
            writer = RoleGrant(role="Storage Blob Data Contributor", principal_id=principal)
            granted = [grant_role(self, f"{name}-capture", args.capture_storage_id, writer)]
        capturing = once_granted(self, namespace.name, granted)  # Azure tries the storage out when capture begins
        hubs = {
            key: self._hub(f"{name}-{key}", key, capturing if hub.capture else namespace.name, args, granted)
            for key, hub in args.hubs.items()
        }
        children: list[Resource] = [*granted, *hubs.values(), *self._consumer_groups(name, hubs, namespace, args)]
        if args.trusted_services:
            children.append(
                eventhub.NamespaceNetworkRuleSet(
                    f"{name}-firewall",
                    namespace_name=namespace.name,
                    resource_group_name=args.resource_group_name,
                    default_action="Allow" if args.public_network_access else "Deny",
                    public_network_access="Enabled" if args.public_network_access else "Disabled",
                    trusted_service_access_enabled=True,
                    opts=self.child(),
                )
            )
        endpoint_name = f"pep-{azure_name}"
        link = connect(self, f"{name}-link", namespace.id, "namespace", args.private_endpoint, args, endpoint_name)
        attach(self, name, namespace.id, args, arm_type="Microsoft.EventHub/namespaces", after=[*children, link])
        self.id = namespace.id
        self.name = namespace.name
        self.endpoint = namespace.service_bus_endpoint
        self.hub_ids = {key: hub.id for key, hub in hubs.items()}
        self.principal_id = principal
        self.seal()

    def _namespace(self, name: str, azure_name: str, args: EventHubsArgs) -> eventhub.Namespace:
        key = args.customer_key
        kinds = eventhub.ManagedServiceIdentityType
        return eventhub.Namespace(
            name,
            namespace_name=azure_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku=eventhub.SkuArgs(name=args.sku, tier=args.sku, capacity=args.capacity),
            is_auto_inflate_enabled=bool(args.max_capacity),
            maximum_throughput_units=args.max_capacity,
            disable_local_auth=not args.local_authentication,
            minimum_tls_version="1.2",
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            identity=eventhub.IdentityArgs(
                type=kinds.SYSTEM_ASSIGNED_USER_ASSIGNED if key else kinds.SYSTEM_ASSIGNED,
                user_assigned_identities=[key.identity_id] if key else None,
            ),
            encryption=eventhub.EncryptionArgs(
                key_source=eventhub.KeySource.MICROSOFT_KEY_VAULT,
                require_infrastructure_encryption=True,
                key_vault_properties=[
                    eventhub.KeyVaultPropertiesArgs(
                        key_vault_uri=key_part(key.key_identifier, 0),
                        key_name=key_part(key.key_identifier, 1),
                        key_version=key_part(key.key_identifier, 2),
                        identity=eventhub.UserAssignedIdentityPropertiesArgs(user_assigned_identity=key.identity_id),
                    )
                ],
            )
            if key
            else None,
            tags=args.tags,
            # with automatic growth Azure changes the capacity by itself
            opts=self.child(ResourceOptions(ignore_changes=["sku.capacity"] if args.max_capacity else [])),
        )

    def _hub(
        self, name: str, key: str, namespace_name: Output[str], args: EventHubsArgs, after: Sequence[Resource]
    ) -> eventhub.EventHub:
        hub = args.hubs[key]
        return eventhub.EventHub(
            name,
            event_hub_name=key,
            namespace_name=namespace_name,
            resource_group_name=args.resource_group_name,
            partition_count=hub.partitions,
            retention_description=eventhub.RetentionDescriptionArgs(
                cleanup_policy="Delete", retention_time_in_hours=hub.retention_hours
            ),
            capture_description=_capture(hub.capture, args.capture_storage_id),
            opts=self.child(ResourceOptions(depends_on=[*after] if hub.capture else [])),
        )

    def _consumer_groups(
        self, name: str, hubs: Mapping[str, eventhub.EventHub], namespace: eventhub.Namespace, args: EventHubsArgs
    ) -> list[Resource]:
        return [
            eventhub.ConsumerGroup(
                f"{name}-{key}-{group}",
                consumer_group_name=check_name("event_hub_consumer_group", group),
                event_hub_name=hub.name,
                namespace_name=namespace.name,
                resource_group_name=args.resource_group_name,
                opts=self.child(),
            )
            for key, hub in hubs.items()
            for group in args.hubs[key].consumer_groups
        ]


def _capture(capture: Capture | None, storage_id: Input[str] | None) -> eventhub.CaptureDescriptionArgs | None:
    if capture is None:
        return None
    return eventhub.CaptureDescriptionArgs(
        enabled=True,
        encoding=eventhub.EncodingCaptureDescription.AVRO,
        interval_in_seconds=capture.minutes * 60,
        size_limit_in_bytes=capture.megabytes * 1024 * 1024,
        skip_empty_archives=not capture.empty_files,
        destination=eventhub.DestinationArgs(
            name="EventHubArchive.AzureBlockBlob",
            storage_account_resource_id=storage_id,
            blob_container=capture.container,
            archive_name_format=capture.path,
            identity=eventhub.CaptureIdentityArgs(type=eventhub.CaptureIdentityType.SYSTEM_ASSIGNED),
        ),
    )
