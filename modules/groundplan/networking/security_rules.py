# SPDX-License-Identifier: Apache-2.0
"""Network security rules, and the sets of them that an ML platform's subnets need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output
from pulumi_azure_native import network


@dataclass(frozen=True, kw_only=True)
class SecurityRule:
    """One rule of a network security group."""

    priority: int
    """Required. 100 (first) to 4096 (last); unique per direction."""
    direction: Literal["Inbound", "Outbound"]
    """Required. Which traffic the rule is about."""
    access: Literal["Allow", "Deny"]
    """Required. What happens to it."""
    protocol: Literal["Tcp", "Udp", "Icmp", "*"] = "*"
    """Optional. Default: any protocol."""
    source: Input[str] = "*"
    """Optional. Address prefix or service tag. Default: any."""
    destination: Input[str] = "*"
    """Optional. Address prefix or service tag. Default: any."""
    ports: tuple[str, ...] = ("*",)
    """Optional. Destination ports or ranges. Default: any."""

    def to_azure(self, name: str) -> network.SecurityRuleArgs:
        """The rule as an inline rule of a security group."""
        single = self.ports[0] if len(self.ports) == 1 else None
        return network.SecurityRuleArgs(
            name=name,
            priority=self.priority,
            direction=self.direction,
            access=self.access,
            protocol=self.protocol,
            source_address_prefix=self.source,
            source_port_range="*",
            destination_address_prefix=self.destination,
            destination_port_range=single,
            destination_port_ranges=None if single else [*self.ports],
        )


def endpoint_rules() -> Mapping[str, SecurityRule]:
    """Rules of a subnet for private endpoints: HTTPS and SMB from inside the network, nothing else."""
    return {
        "allow-clients-in": SecurityRule(
            priority=100,
            direction="Inbound",
            access="Allow",
            protocol="Tcp",
            source="VirtualNetwork",
            ports=("443", "445"),
        ),
        "deny-all-in": SecurityRule(priority=4096, direction="Inbound", access="Deny"),
    }


def training_rules(location: Input[str], *, internet_outbound: bool = False) -> Mapping[str, SecurityRule]:
    """Rules of a subnet for compute without public IP addresses: the service tags that Azure Machine Learning needs.

    `internet_outbound=True` opens everything outward, which package indexes and public model hubs need where no firewall
    or mirror stands in between. Source: Microsoft's "Configure inbound and outbound network traffic".
    """
    storage, batch = Output.concat("Storage.", location), Output.concat("BatchNodeManagement.", location)
    tags: Mapping[str, tuple[Input[str], tuple[str, ...], Literal["Tcp", "Udp"]]] = {
        "entra-id": ("AzureActiveDirectory", ("80", "443"), "Tcp"),
        "machine-learning": ("AzureMachineLearning", ("443", "8787", "18881"), "Tcp"),
        "machine-learning-udp": ("AzureMachineLearning", ("5831",), "Udp"),
        "batch": (batch, ("443",), "Tcp"),
        "resource-manager": ("AzureResourceManager", ("443",), "Tcp"),
        "storage": (storage, ("443", "445"), "Tcp"),
        "front-door": ("AzureFrontDoor.FrontEnd", ("443",), "Tcp"),
        "front-door-first-party": ("AzureFrontDoor.FirstParty", ("443",), "Tcp"),
        "microsoft-registry": ("MicrosoftContainerRegistry", ("443",), "Tcp"),
        "monitor": ("AzureMonitor", ("443",), "Tcp"),
    }
    outward = {
        f"allow-{name}-out": SecurityRule(
            priority=110 + 10 * index,
            direction="Outbound",
            access="Allow",
            protocol=protocol,
            source="VirtualNetwork",
            destination=tag,
            ports=ports,
        )
        for index, (name, (tag, ports, protocol)) in enumerate(tags.items())
    }
    network_only = {
        "allow-network-in": SecurityRule(priority=100, direction="Inbound", access="Allow", source="VirtualNetwork"),
        "deny-all-in": SecurityRule(priority=4096, direction="Inbound", access="Deny"),
        "allow-network-out": SecurityRule(
            priority=100, direction="Outbound", access="Allow", source="VirtualNetwork", destination="VirtualNetwork"
        ),
    }
    last = SecurityRule(
        priority=4096, direction="Outbound", access="Allow" if internet_outbound else "Deny", destination="Internet"
    )
    return {**network_only, **outward, f"{last.access.lower()}-internet-out": last}
