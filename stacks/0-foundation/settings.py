# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from ipaddress import IPv4Network
from typing import Literal

from pydantic import Field, field_validator

import groundplan as gp
from groundplan.config import Section, Settings, ShortName
from groundplan.contracts import StackName


class SubnetSettings(Section):
    """One subnet."""

    prefix: IPv4Network
    """CIDR block of the subnet."""
    purpose: Literal["endpoints", "training"]
    """What its security rules are made for: private endpoints, or compute, which also gets the NAT gateway."""
    internet_outbound: bool = False
    """Compute may reach the whole internet, not just the Azure services it needs."""

    def subnet(self, location: str) -> gp.Subnet:
        """The component's argument."""
        if self.purpose == "endpoints":
            return gp.Subnet(address_prefix=str(self.prefix), rules=gp.endpoint_rules())
        outbound = gp.training_rules(location, internet_outbound=self.internet_outbound)
        return gp.Subnet(address_prefix=str(self.prefix), rules=outbound, nat=True)


class NetworkSettings(Section):
    """The virtual network."""

    address_space: IPv4Network
    """CIDR block of the whole network."""
    subnets: dict[str, SubnetSettings]
    """Subnets by their Azure name; `endpoints` is where later stages put private endpoints."""

    @field_validator("subnets")
    @classmethod
    def _has_endpoints(cls, subnets: dict[str, SubnetSettings]) -> dict[str, SubnetSettings]:
        if "endpoints" not in subnets:
            raise ValueError("the subnet 'endpoints' is needed, in which later stages put private endpoints; add it")
        return subnets


class MonitoringSettings(Section):
    """Logs and alerts."""

    retention_days: int = Field(default=30, ge=30, le=730)
    """Days that logs are kept."""
    public_access: bool = False
    """Telemetry and queries over the internet. Without it, both need an Azure Monitor private link scope."""
    alert_emails: dict[str, str] = Field(default_factory=dict)
    """Mail addresses that alerts go to, by receiver name."""


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
    cloud: Literal["public", "usgov", "china"] = "public"
    """Azure cloud, for the names of the private DNS zones."""
    network: NetworkSettings
    monitoring: MonitoringSettings = MonitoringSettings()
    model_registry: ModelRegistrySettings | None = None
    """A registry for models, environments and components; none unless set."""
    names: dict[str, str] = Field(default_factory=dict)
    """Azure names that are not generated, by kind (`virtual_network`) or kind and role (`resource_group/foundation`)."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
