# SPDX-License-Identifier: Apache-2.0
"""Network security rules, and the sets of them that an ML platform's subnets need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output
from pulumi_azure_native import network

from groundplan.errors import ArgumentError
from groundplan.networking.dns_zones import Cloud

_Tag = tuple[Input[str], tuple[str, ...], Literal["Tcp", "Udp"]]
"""Service tag, ports and protocol."""


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

    def __post_init__(self) -> None:
        # Source: priority of SecurityRule in the specification of Microsoft.Network
        if not 100 <= self.priority <= 4096:
            raise ArgumentError(f"security rule: priority is {self.priority}; allowed are 100 to 4096")
        if not self.ports:
            raise ArgumentError("security rule: ports is empty; name ports or ranges, or leave it out for all")

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


def endpoint_rules(*more_ports: str) -> Mapping[str, SecurityRule]:
    """Rules of a subnet for private endpoints: HTTPS and SMB from inside the network, nothing else.

    `more_ports` are for services that speak something else, e.g. `8883` (MQTT) and `5671` (AMQP) of an IoT hub.
    """
    return {
        "allow-clients-in": SecurityRule(
            priority=100,
            direction="Inbound",
            access="Allow",
            protocol="Tcp",
            source="VirtualNetwork",
            ports=("443", "445", *more_ports),
        ),
        "deny-all-in": SecurityRule(priority=4096, direction="Inbound", access="Deny"),
    }


def training_rules(
    location: Input[str],
    *,
    internet_outbound: bool = False,
    high_business_impact: bool = False,
    cloud: Cloud = "public",
) -> Mapping[str, SecurityRule]:
    """Rules of a subnet for compute without public IP addresses: the service tags that Azure Machine Learning needs.

    `internet_outbound=True` opens everything outward, which package indexes and public model hubs need where no firewall
    or mirror stands in between. A workspace of high business impact reaches Key Vault from its compute. Azure operated by
    21Vianet (`cloud="china"`) has no `AzureFrontDoor.FrontEnd`.

    Source: learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall. That page says
    `Keyvault.<region>`; the tag is `AzureKeyVault`, which is regional:
    learn.microsoft.com/azure/virtual-network/service-tags-overview.
    """
    tags: dict[str, _Tag] = {
        "entra-id": ("AzureActiveDirectory", ("80", "443"), "Tcp"),
        "machine-learning": ("AzureMachineLearning", ("443", "8787", "18881"), "Tcp"),
        "machine-learning-udp": ("AzureMachineLearning", ("5831",), "Udp"),
        "batch": (Output.concat("BatchNodeManagement.", location), ("443",), "Tcp"),
        "resource-manager": ("AzureResourceManager", ("443",), "Tcp"),
        "storage": (Output.concat("Storage.", location), ("443", "445"), "Tcp"),
        "front-door": ("AzureFrontDoor.FrontEnd", ("443",), "Tcp"),
        "front-door-first-party": ("AzureFrontDoor.FirstParty", ("443",), "Tcp"),
        "microsoft-registry": ("MicrosoftContainerRegistry", ("443",), "Tcp"),
        "monitor": ("AzureMonitor", ("443",), "Tcp"),
    }
    if high_business_impact:
        tags["key-vault"] = (Output.concat("AzureKeyVault.", location), ("443",), "Tcp")
    if cloud == "china":
        del tags["front-door"]
    return {
        "allow-network-in": SecurityRule(priority=100, direction="Inbound", access="Allow", source="VirtualNetwork"),
        "deny-all-in": SecurityRule(priority=4096, direction="Inbound", access="Deny"),
        **_outward(tags, internet_outbound=internet_outbound),
    }


def aks_rules(
    location: Input[str], *, internet_outbound: bool = False, pod_cidr: str = "10.244.0.0/16"
) -> Mapping[str, SecurityRule]:
    """Rules of a subnet for a private AKS cluster that runs Azure Machine Learning's extension.

    `pod_cidr` is that of the cluster: in Azure's overlay, packets between pods keep the pods' addresses, which are none
    of the virtual network's, and rules that shut them out break name resolution. Nodes also read operating system
    updates from hosts without a service tag: let them through a firewall, or set `internet_outbound=True`.

    Source: "Azure CNI Overlay networking" (network security groups), "Outbound network and FQDN rules for AKS
    clusters" and "Configure inbound and outbound network traffic" of Azure Machine Learning, all at
    learn.microsoft.com. Ports 1194, 9000 and 123 of older lists are for clusters without konnectivity and for nodes of
    before March 2021, and stay closed.
    """
    tags: dict[str, _Tag] = {
        "entra-id": ("AzureActiveDirectory", ("80", "443"), "Tcp"),
        "machine-learning": ("AzureMachineLearning", ("443", "8787", "18881"), "Tcp"),
        "machine-learning-udp": ("AzureMachineLearning", ("5831",), "Udp"),
        "resource-manager": ("AzureResourceManager", ("443",), "Tcp"),
        "storage": (Output.concat("Storage.", location), ("443", "445"), "Tcp"),
        "front-door-first-party": ("AzureFrontDoor.FirstParty", ("443",), "Tcp"),
        "microsoft-registry": ("MicrosoftContainerRegistry", ("443",), "Tcp"),
        "monitor": ("AzureMonitor", ("443",), "Tcp"),
        "control-plane": (Output.concat("AzureCloud.", location), ("443",), "Tcp"),
    }
    return {
        "allow-network-in": SecurityRule(priority=100, direction="Inbound", access="Allow", source="VirtualNetwork"),
        "allow-probes-in": SecurityRule(priority=110, direction="Inbound", access="Allow", source="AzureLoadBalancer"),
        "allow-pods-in": SecurityRule(
            priority=120, direction="Inbound", access="Allow", source=pod_cidr, destination=pod_cidr
        ),
        "deny-all-in": SecurityRule(priority=4096, direction="Inbound", access="Deny"),
        **_outward(tags, internet_outbound=internet_outbound),
        "allow-pods-out": SecurityRule(
            priority=1000, direction="Outbound", access="Allow", source=pod_cidr, destination=pod_cidr
        ),
        # a request to a service leaves the node with the address of a pod as its destination
        "allow-nodes-to-pods-out": SecurityRule(
            priority=1010, direction="Outbound", access="Allow", source="VirtualNetwork", destination=pod_cidr
        ),
    }


def functions_rules(location: Input[str]) -> Mapping[str, SecurityRule]:
    """Rules of a subnet that functions reach into the network from; nothing comes in through such a subnet."""
    tags: dict[str, _Tag] = {
        "entra-id": ("AzureActiveDirectory", ("443",), "Tcp"),
        "storage": (Output.concat("Storage.", location), ("443", "445"), "Tcp"),
        "monitor": ("AzureMonitor", ("443",), "Tcp"),
    }
    return {
        "deny-all-in": SecurityRule(priority=4096, direction="Inbound", access="Deny"),
        **_outward(tags, internet_outbound=False),
    }


def gateway_rules(clients: Input[str] = "Internet") -> Mapping[str, SecurityRule]:
    """Rules of the subnet of an application gateway: HTTPS from clients, Azure's own control and probes.

    Outward stays open, as the gateway's control plane needs.

    Source: learn.microsoft.com/azure/application-gateway/configuration-infrastructure (ports of sku v2).
    """
    return {
        "allow-clients-in": SecurityRule(
            priority=100, direction="Inbound", access="Allow", protocol="Tcp", source=clients, ports=("443",)
        ),
        "allow-control-in": SecurityRule(
            priority=110,
            direction="Inbound",
            access="Allow",
            protocol="Tcp",
            source="GatewayManager",
            ports=("65200-65535",),
        ),
        "allow-probes-in": SecurityRule(priority=120, direction="Inbound", access="Allow", source="AzureLoadBalancer"),
        "deny-all-in": SecurityRule(priority=4096, direction="Inbound", access="Deny"),
    }


def _outward(tags: Mapping[str, _Tag], *, internet_outbound: bool) -> Mapping[str, SecurityRule]:
    """Outbound rules: the network itself, then each tag, then the rest of the internet open or closed."""
    inside = SecurityRule(
        priority=100, direction="Outbound", access="Allow", source="VirtualNetwork", destination="VirtualNetwork"
    )
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
    last = SecurityRule(
        priority=4096, direction="Outbound", access="Allow" if internet_outbound else "Deny", destination="Internet"
    )
    return {"allow-network-out": inside, **outward, f"{last.access.lower()}-internet-out": last}
