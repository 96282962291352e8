# SPDX-License-Identifier: Apache-2.0
"""What `Pulumi.<stack>.yaml` of this stage may hold."""

from ipaddress import IPv4Network
from typing import Literal

import pulumi
from pydantic import Field

import groundplan as gp
from groundplan.config import Section, Settings, ShortName


class NetworkSettings(Section):
    """The virtual network."""

    address_space: IPv4Network
    """CIDR block of the whole network."""
    endpoints_prefix: IPv4Network
    """CIDR block of the subnet for private endpoints."""
    training_prefix: IPv4Network
    """CIDR block of the subnet for compute."""
    internet_outbound: bool = False
    """Compute may reach the whole internet, not just the Azure services it needs."""

    def subnets(self, location: str) -> dict[str, gp.Subnet]:
        """The network's subnets: one for private endpoints, one for compute."""
        outbound = gp.training_rules(location, internet_outbound=self.internet_outbound)
        return {
            "endpoints": gp.Subnet(address_prefix=str(self.endpoints_prefix), rules=gp.endpoint_rules()),
            "training": gp.Subnet(address_prefix=str(self.training_prefix), rules=outbound, nat=True),
        }


class MonitoringSettings(Section):
    """Logs and alerts."""

    retention_days: int = Field(default=30, ge=30, le=730)
    """Days that logs are kept."""
    public_access: bool = False
    """Telemetry and queries over the internet. Without it, both need an Azure Monitor private link scope."""
    alert_emails: dict[str, str] = Field(default_factory=dict)
    """Mail addresses that alerts go to, by receiver name."""


class FoundationSettings(Settings):
    """The whole configuration."""

    project: ShortName
    """Short name of the platform; part of every resource's name."""
    environment: ShortName = Field(default_factory=pulumi.get_stack, validate_default=True)
    """Name of the environment; the stack's name unless set."""
    location: str = Field(pattern=r"^[a-z][a-z0-9]+$")
    """Azure region, e.g. `westeurope`."""
    cloud: Literal["public", "usgov", "china"] = "public"
    """Azure cloud, for the names of the private DNS zones."""
    network: NetworkSettings
    monitoring: MonitoringSettings = MonitoringSettings()
    tags: dict[str, str] = Field(default_factory=dict)
    """Azure tags of everything that takes tags."""
