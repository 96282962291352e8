# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from groundplan.config import Guid, Section, Settings, ShortName, arm_id
from groundplan.contract import StackName
from groundplan.errors import ArgumentError
from groundplan.networking.dns_zones import PLATFORM_ZONES, Cloud, zone_name

MONITOR_ZONES = ("monitor", "oms", "ods", "agentsvc")
"""What an Azure Monitor private link scope needs beside `blob`."""

NetworkId = Annotated[str, arm_id("Microsoft.Network/virtualNetworks")]
ZoneId = Annotated[str, arm_id("Microsoft.Network/privateDnsZones")]


class SubnetSettings(Section):
    """One subnet."""

    prefix: IPv4Network
    """CIDR block of the subnet."""
    purpose: Literal["endpoints", "training", "aks", "functions", "gateway"]
    """What its security rules are made for: private endpoints, Azure Machine Learning's compute, AKS, functions that reach
    into the network, an application gateway. Compute and AKS also get the NAT gateway."""
    internet_outbound: bool = False
    """Compute or clusters may reach the whole internet, not just the Azure services they need."""
    firewall: IPv4Address | None = None
    """Address of a firewall, usually in a hub, through which everything leaves; there is no NAT gateway then."""
    ports: list[int] = Field(default_factory=list[int])
    """More ports beside 443 and 445 that private endpoints answer on, such as 8883 (MQTT) and 5671 (AMQP) of an IoT hub."""

    @model_validator(mode="after")
    def _fits_its_purpose(self) -> Self:
        if self.ports and self.purpose != "endpoints":
            raise ValueError(f"ports are for private endpoints; purpose is {self.purpose!r}: leave ports out")
        if self.internet_outbound and self.purpose not in ("training", "aks"):
            raise ValueError(f"internetOutbound is for training and aks; purpose is {self.purpose!r}: leave it out")
        if self.firewall is not None and self.purpose in ("endpoints", "gateway"):
            raise ValueError(f"firewall is for training, aks and functions; purpose is {self.purpose!r}: leave it out")
        return self

    @field_validator("ports")
    @classmethod
    def _are_ports(cls, ports: list[int]) -> list[int]:
        if wrong := [port for port in ports if not 1 <= port <= 65535]:
            raise ValueError(f"{wrong[0]} is no port; allowed are 1 to 65535")
        return ports


class PeeringSettings(Section):
    """A connection to another network, usually a hub."""

    network_id: NetworkId
    """ARM id of the other network."""
    both_ways: bool = False
    """Make the other network's side of the peering, too; without it, its owner does."""
    forwarded_traffic: bool = False
    """Let in what the other network only passes on, e.g. through its firewall."""
    use_remote_gateways: bool = False
    """Reach on-premises networks through the other network's gateway."""


class FlowLogSettings(Section):
    """Records of who talks to whom."""

    storage_account_id: Annotated[str, arm_id("Microsoft.Storage/storageAccounts")]
    """ARM id of a storage account in the network's region."""
    watcher: str | None = None
    """Network watcher of the region; Azure's own unless set."""
    watcher_resource_group: str = "NetworkWatcherRG"
    """Resource group of the watcher; Azure's own unless set."""
    retention_days: int = Field(default=30, ge=0)
    """Days that logs are kept, 0 for ever."""


class NetworkSettings(Section):
    """The virtual network."""

    address_space: IPv4Network
    """CIDR block of the whole network."""
    subnets: dict[str, SubnetSettings]
    """Subnets by their Azure name; `endpoints` is where later stages put private endpoints."""
    peerings: dict[str, PeeringSettings] = Field(default_factory=dict)
    """Other networks that this one is connected to, by a key that becomes part of the peering's name."""
    dns_servers: list[IPv4Address] = Field(default_factory=list[IPv4Address])
    """DNS servers of everything in the network; Azure's own unless set."""
    ddos_protection_plan_id: Annotated[str, arm_id("Microsoft.Network/ddosProtectionPlans")] | None = None
    """ARM id of a DDoS protection plan; Azure's basic protection unless set."""
    flow_logs: FlowLogSettings | None = None
    """Record who talks to whom; no unless set."""

    @field_validator("subnets")
    @classmethod
    def _has_endpoints(cls, subnets: dict[str, SubnetSettings]) -> dict[str, SubnetSettings]:
        if "endpoints" not in subnets:
            raise ValueError("the subnet 'endpoints' is needed, in which later stages put private endpoints; add it")
        return subnets


class ExistingNetworkSettings(Section):
    """A virtual network that somebody else looks after: nothing in it is changed."""

    id: NetworkId
    """ARM id of the network."""
    subnets: dict[str, str]
    """Azure names of its subnets by the key that stages know them under; `endpoints` is needed."""

    @field_validator("subnets")
    @classmethod
    def _has_endpoints(cls, subnets: dict[str, str]) -> dict[str, str]:
        if "endpoints" not in subnets:
            raise ValueError("the key 'endpoints' is needed: the subnet in which later stages put private endpoints")
        return subnets


class CentralDnsSettings(Section):
    """Private DNS zones that a central team keeps, and links to the network."""

    subscription: Guid | None = None
    """Id of the subscription of `resourceGroup`; the platform's own unless set."""
    resource_group: str | None = None
    """Resource group that holds all zones that the platform needs; none is made then."""
    zone_ids: dict[str, ZoneId] = Field(default_factory=dict)
    """ARM ids of single zones by key; what is not here is in `resourceGroup`, or made where there is none."""
    records_by_policy: bool = False
    """The central team's Azure Policy writes the records of private endpoints; the platform needs to know no zone."""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.records_by_policy and (self.resource_group or self.zone_ids):
            raise ValueError("recordsByPolicy: true goes without zones; leave resourceGroup and zoneIds out")
        if not (self.records_by_policy or self.resource_group or self.zone_ids):
            raise ValueError(
                "name the central zones: resourceGroup for all of them, or zoneIds by key; or set recordsByPolicy: true "
                "if an Azure Policy writes the records"
            )
        if self.subscription is not None and self.resource_group is None:
            raise ValueError("subscription is that of resourceGroup; add resourceGroup or leave subscription out")
        return self


class MonitoringSettings(Section):
    """Logs and alerts."""

    retention_days: int = Field(default=30, ge=30, le=730)
    """Days that logs are kept."""
    public_access: bool = False
    """Telemetry and queries over the internet."""
    private_link: bool | None = None
    """An Azure Monitor private link scope with an endpoint in the network; unless set, there is one without `publicAccess`."""
    open_ingestion: bool = False
    """The network may also send to monitors outside of the scope, such as other teams'."""
    open_query: bool = False
    """The network may also query monitors outside of the scope."""
    alert_emails: dict[str, str] = Field(default_factory=dict)
    """Mail addresses that alerts go to, by receiver name."""

    @property
    def has_scope(self) -> bool:
        """Whether the platform has an Azure Monitor private link scope of its own."""
        return not self.public_access if self.private_link is None else self.private_link


class ModelRegistrySettings(Section):
    """The Azure Machine Learning registry that workspaces share models through."""

    other_regions: list[str] = Field(default_factory=list)
    """Regions beside the network's whose workspaces use it."""


class FoundationSettings(Settings):
    """The whole configuration."""

    project: ShortName
    """Short name of the platform; part of every resource's name."""
    environment: ShortName = Field(default_factory=lambda: StackName.current().environment, validate_default=True)
    """Name of the environment; that of the stack's name unless set."""
    location: str = Field(pattern=r"^[a-z][a-z0-9]+$")
    """Azure region, e.g. `westeurope`."""
    cloud: Cloud = "public"
    """Azure cloud, for the names of the private DNS zones."""
    network: NetworkSettings | None = None
    """The network that the stage makes; this or `existingNetwork`."""
    existing_network: ExistingNetworkSettings | None = None
    """A network that is there already; this or `network`."""
    dns_zones: list[str] = Field(default_factory=list)
    """Keys of private DNS zones beside those of a workspace and of monitoring."""
    central_dns: CentralDnsSettings | None = None
    """Zones of a central team; the stage makes its own unless set."""
    monitoring: MonitoringSettings = MonitoringSettings()
    model_registry: ModelRegistrySettings | None = None
    """A registry for models, environments and components; none unless set."""
    names: dict[str, str] = Field(default_factory=dict)
    """Azure names that are not generated, by kind (`virtual_network`) or kind and role (`resource_group/foundation`)."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""

    @property
    def zones(self) -> tuple[str, ...]:
        """Keys of all zones that the platform has; none if an Azure Policy writes records elsewhere."""
        if self.central_dns and self.central_dns.records_by_policy:
            return ()
        monitor = MONITOR_ZONES if self.monitoring.has_scope else ()
        central = self.central_dns.zone_ids if self.central_dns else ()
        return tuple(dict.fromkeys((*PLATFORM_ZONES, *monitor, *self.dns_zones, *central)))

    @model_validator(mode="after")
    def _one_network(self) -> Self:
        if (self.network is None) == (self.existing_network is None):
            raise ValueError(
                "give either network, which the stage makes, or existingNetwork, which is there already; "
                f"{'neither' if self.network is None else 'both'} is given"
            )
        return self

    @model_validator(mode="after")
    def _zones_exist(self) -> Self:
        if self.monitoring.has_scope and self.cloud == "china":
            raise ValueError(
                "monitoring.privateLink: no private DNS zones of Azure Monitor are known for cloud 'china'; set "
                "monitoring.publicAccess: true, or monitoring.privateLink: false"
            )
        if self.dns_zones and not self.zones:
            raise ValueError(
                f"dnsZones is {self.dns_zones}, but centralDns.recordsByPolicy goes without; leave one out"
            )
        given = self.central_dns.zone_ids if self.central_dns else {}
        for key in self.zones:
            try:
                name = zone_name(key, self.cloud, self.location)
            except ArgumentError as error:
                where = "centralDns.zoneIds" if key in given and key not in self.dns_zones else "dnsZones"
                raise ValueError(f"{where}: {str(error).removeprefix('private DNS: ')}") from None
            if key in given and given[key].rpartition("/")[2].lower() != name:
                raise ValueError(f"centralDns.zoneIds.{key} is {given[key]!r}, which is not the id of a zone {name}")
        return self
