# SPDX-License-Identifier: Apache-2.0
"""The virtual network: made here, or one that is there already."""

from collections.abc import Mapping

from pulumi_azure_native import Provider, resources
from settings import FoundationSettings, NetworkSettings, PeeringSettings, SubnetSettings

import groundplan as gp


def declare_network(
    settings: FoundationSettings, names: gp.Names, group: resources.ResourceGroup, subscription_id: str
) -> gp.Network | gp.ExistingNetwork:
    """A network whose subnets have the rules of their purpose; nothing of one that exists is changed."""
    if settings.existing_network is not None:
        existing = settings.existing_network
        return gp.ExistingNetwork(network_id=existing.id, subnets=existing.subnets)
    chosen = settings.network
    assert chosen is not None  # noqa: S101  # the settings refuse neither
    return gp.Network(
        "network",
        gp.NetworkArgs(
            resource_group_name=group.name,
            location=settings.location,
            network_name=names("virtual_network"),
            address_space=str(chosen.address_space),
            subnets={key: _subnet(each, settings) for key, each in chosen.subnets.items()},
            peerings={key: _peering(key, each, subscription_id) for key, each in chosen.peerings.items()},
            dns_servers=tuple(map(str, chosen.dns_servers)),
            ddos_protection_plan_id=chosen.ddos_protection_plan_id,
            flow_logs=_flow_logs(chosen, settings.location),
            tags=settings.tags,
        ),
    )


def _subnet(chosen: SubnetSettings, settings: FoundationSettings) -> gp.Subnet:
    firewall = chosen.firewall
    return gp.Subnet(
        address_prefix=str(chosen.prefix),
        rules=_rules(chosen, settings),
        nat=firewall is None and chosen.purpose in ("training", "aks"),
        delegation="Microsoft.Web/serverFarms" if chosen.purpose == "functions" else None,
        routes={"all": gp.Route(prefix="0.0.0.0/0", address=str(firewall))} if firewall else {},
    )


def _rules(chosen: SubnetSettings, settings: FoundationSettings) -> Mapping[str, gp.SecurityRule]:
    """What the purpose of the subnet needs, and nothing else."""
    location = settings.location
    match chosen.purpose:
        case "endpoints":
            return gp.endpoint_rules(*map(str, chosen.ports))
        case "training":
            return gp.training_rules(location, internet_outbound=chosen.internet_outbound, cloud=settings.cloud)
        case "aks":
            return gp.aks_rules(location, internet_outbound=chosen.internet_outbound)
        case "functions":
            return gp.functions_rules(location)
        case "gateway":
            return gp.gateway_rules()


def _peering(key: str, chosen: PeeringSettings, subscription_id: str) -> gp.Peering:
    """The other side may be in another subscription, which takes a provider of its own."""
    other = chosen.network_id.split("/")[2]
    elsewhere = chosen.both_ways and other.lower() != subscription_id.lower()
    return gp.Peering(
        network_id=chosen.network_id,
        both_ways=chosen.both_ways,
        forwarded_traffic=chosen.forwarded_traffic,
        use_remote_gateways=chosen.use_remote_gateways,
        provider=Provider(f"peer-{key}", subscription_id=other) if elsewhere else None,
    )


def _flow_logs(chosen: NetworkSettings, location: str) -> gp.FlowLogs | None:
    logs = chosen.flow_logs
    if logs is None:
        return None
    return gp.FlowLogs(
        storage_account_id=logs.storage_account_id,
        watcher_name=logs.watcher or f"NetworkWatcher_{location}",
        watcher_resource_group_name=logs.watcher_resource_group,
        retention_days=logs.retention_days,
    )
