# SPDX-License-Identifier: Apache-2.0
"""Public IP addresses and NAT gateways, driven by azure-mgmt-network."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from tests.fixtures.azure_sdk import refused

STANDARD = {"sku": {"name": "Standard"}}


@pytest.mark.azure_assumed
def test_a_static_address_stays_the_same(network: Any):
    made = network.put("public_ip_addresses", "ip", body=STANDARD, publicIPAllocationMethod="Static")
    again = network.put(
        "public_ip_addresses", "ip", body=STANDARD, publicIPAllocationMethod="Static", idleTimeoutInMinutes=10
    )
    other = network.put("public_ip_addresses", "other", body=STANDARD, publicIPAllocationMethod="Static")
    network.delete("public_ip_addresses", "ip")
    reborn = network.put("public_ip_addresses", "ip", body=STANDARD, publicIPAllocationMethod="Static")

    assert ip_address(made.ip_address) in ip_network("198.18.0.0/15")
    assert (made.sku.tier, made.idle_timeout_in_minutes, made.public_ip_address_version) == ("Regional", 4, "IPv4")
    assert (again.ip_address, again.idle_timeout_in_minutes) == (made.ip_address, 10)
    assert other.ip_address != made.ip_address
    assert reborn.ip_address == made.ip_address


@pytest.mark.azure_assumed
def test_sku_and_method(network: Any):
    dynamic = network.put("public_ip_addresses", "ip")

    assert (dynamic.sku.name, dynamic.public_ip_allocation_method, dynamic.ip_address) == ("Basic", "Dynamic", None)
    with refused(400, "StandardAndStandardV2SkuPublicIPAddressesMustBeStatic"):
        network.put("public_ip_addresses", "standard", body=STANDARD)
    with refused(400, "SkuPropertyCannotBeChangedOnUpdate", "from Basic to Standard"):
        network.put("public_ip_addresses", "ip", body=STANDARD, publicIPAllocationMethod="Static")


@pytest.mark.azure_assumed
def test_a_dns_label_is_taken_once(network: Any, name: str):
    made = network.put("public_ip_addresses", "ip", dnsSettings={"domainNameLabel": name})
    check = network.client.check_dns_name_availability

    assert made.dns_settings.fqdn == f"{name}.westeurope.cloudapp.azure.com"
    assert not check("westeurope", domain_name_label=name).available
    assert check("eastus", domain_name_label=name).available
    with refused(400, "DnsRecordInUse", made.dns_settings.fqdn):
        network.put("public_ip_addresses", "other", dnsSettings={"domainNameLabel": name})
    with refused(400, "InvalidDomainNameLabel", "1x"):
        network.put("public_ip_addresses", "other", dnsSettings={"domainNameLabel": "1x"})


@pytest.mark.azure_assumed
def test_a_nat_gateway_has_standard_addresses_of_its_own(network: Any):
    basic = network.put("public_ip_addresses", "basic")
    standard = network.put("public_ip_addresses", "ip", body=STANDARD, publicIPAllocationMethod="Static")

    made = network.put("nat_gateways", "nat", publicIpAddresses=[{"id": standard.id}])

    assert (made.sku.name, made.idle_timeout_in_minutes, made.public_ip_addresses[0].id) == ("Standard", 4, standard.id)
    with refused(400, "NatGatewayCannotUseBasicPublicIp", basic.id):
        network.put("nat_gateways", "second", publicIpAddresses=[{"id": basic.id}])
    with refused(400, "PublicIPAddressInUse", made.id):
        network.put("nat_gateways", "second", publicIpAddresses=[{"id": standard.id}])
    with refused(400, "InvalidResourceReference"):
        network.put("nat_gateways", "second", publicIpAddresses=[{"id": f"{standard.id}x"}])
