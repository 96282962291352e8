# SPDX-License-Identifier: Apache-2.0
"""Private DNS zones, links and record sets, by azure-mgmt-resource's generic client where it can, else over plain HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.resource.resources import ResourceManagementClient

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client, refused

VERSION = "2024-06-01"


def record(network: Any, zone: str, kind: str, name: str, **properties: Any) -> Any:
    return network.arm("PUT", f"{zone}/{kind}/{name}", {"properties": {"ttl": 60, **properties}})


def link(network: Any, zone: str, name: str, vnet: str, **properties: Any) -> Any:
    body = {"location": "global", "properties": {"virtualNetwork": {"id": vnet}, **properties}}
    return network.arm("PUT", f"{zone}/virtualNetworkLinks/{name}", body)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.azure_spec
def test_create_get_update_delete_by_the_generic_client(azure: RunningAzure, network: Any, group: str):
    resources: Any = client(azure, ResourceManagementClient).resources
    scope = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network"
    zone = f"{scope}/privateDnsZones/example.net"

    made = resources.begin_create_or_update_by_id(zone, {"location": "global"}, api_version=VERSION).result()
    changed = resources.begin_update_by_id(made.id, {"tags": {"team": "ml"}}, api_version=VERSION).result()
    resources.begin_delete_by_id(made.id, api_version=VERSION).result()

    assert made.properties["numberOfRecordSets"] == 1
    assert made.properties["maxNumberOfRecordSets"] == 25000
    assert changed.tags == {"team": "ml"}
    with pytest.raises(ResourceNotFoundError):
        resources.get_by_id(made.id, api_version=VERSION)
    with refused(400, "LocationNotAvailableForResourceType", "global"):
        resources.begin_create_or_update_by_id(zone, {"location": "westeurope"}, api_version=VERSION).result()


@pytest.mark.azure_spec
def test_the_soa_record_comes_with_the_zone_and_goes_with_it(network: Any):
    zone = network.zone("example.net")

    soa = network.arm("GET", f"{zone}/SOA/@").json()
    changed = record(network, zone, "SOA", "@", soaRecord={"minimumTtl": 30, "host": "mine.example.net"}).json()

    assert soa["properties"]["fqdn"] == "example.net."
    assert soa["properties"]["soaRecord"]["host"] == "azureprivatedns.net"
    assert changed["properties"]["soaRecord"] == soa["properties"]["soaRecord"] | {"minimumTtl": 30}
    assert network.arm("DELETE", f"{zone}/SOA/@").status_code == 400
    assert record(network, zone, "SOA", "other", soaRecord={}).status_code == 400


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("A", {"aRecords": [{"ipv4Address": "10.0.0.4"}]}),
        ("AAAA", {"aaaaRecords": [{"ipv6Address": "2001:db8::4"}]}),
        ("CNAME", {"cnameRecord": {"cname": "other.example.net"}}),
        ("MX", {"mxRecords": [{"preference": 10, "exchange": "mail.example.net"}]}),
        ("PTR", {"ptrRecords": [{"ptrdname": "host.example.net"}]}),
        ("SRV", {"srvRecords": [{"priority": 1, "weight": 1, "port": 443, "target": "host.example.net"}]}),
        ("TXT", {"txtRecords": [{"value": ["hello"]}]}),
    ],
)
def test_record_sets_of_every_kind(network: Any, kind: str, properties: dict[str, Any]):
    zone = network.zone("example.net")

    made = record(network, zone, kind, "host", **properties)
    again = record(network, zone, kind, "host", **properties)
    everything = network.arm("GET", f"{zone}/ALL").json()["value"]

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["type"] == f"Microsoft.Network/privateDnsZones/{kind}"
    assert made.json()["properties"] == {
        "ttl": 60,
        **properties,
        "fqdn": "host.example.net.",
        "isAutoRegistered": False,
    }
    assert {item["name"] for item in everything} == {"@", "host"}
    assert network.arm("GET", zone).json()["properties"]["numberOfRecordSets"] == 2
    assert [item["name"] for item in network.arm("GET", f"{zone}/{kind}").json()["value"]] == ["host"]
    assert network.arm("DELETE", f"{zone}/{kind}/host").status_code == 200
    assert network.arm("DELETE", f"{zone}/{kind}/host").status_code == 204


@pytest.mark.azure_assumed
def test_wrong_records(network: Any):
    zone = network.zone("example.net")
    record(network, zone, "A", "host", aRecords=[{"ipv4Address": "10.0.0.4"}])

    for answer, text in (
        (record(network, zone, "A", "x", aRecords=[{"ipv4Address": "10.0.0.400"}]), "10.0.0.400"),
        (record(network, zone, "A", "x", cnameRecord={"cname": "y"}), "cnameRecord does not belong"),
        (record(network, zone, "CNAME", "@", cnameRecord={"cname": "y"}), "apex"),
        (record(network, zone, "CNAME", "host", cnameRecord={"cname": "y"}), "stands alone"),
        (record(network, zone, "A", "a b", aRecords=[]), "letters, digits"),
    ):
        assert answer.status_code == 400, answer.text
        assert text in answer.json()["error"]["message"]
    assert code(record(network, zone, "BOGUS", "x")) == (404, "InvalidResourceType")
    assert code(record(network, f"{zone}x", "A", "x")) == (404, "ParentResourceNotFound")


@pytest.mark.azure_assumed
def test_a_zone_with_links_stays_and_counts_them(network: Any):
    zone, vnet = network.zone("example.net"), network.vnet("hub").id

    made = link(network, zone, "hub", vnet, registrationEnabled=True)
    counted = network.arm("GET", zone).json()["properties"]
    kept = network.arm("DELETE", zone)

    assert made.json()["properties"]["virtualNetworkLinkState"] == "Completed"
    assert (counted["numberOfVirtualNetworkLinks"], counted["numberOfVirtualNetworkLinksWithRegistration"]) == (1, 1)
    assert code(kept) == (409, "CannotDeleteResource")
    assert made.json()["id"] in kept.json()["error"]["message"]
    assert network.arm("DELETE", f"{zone}/virtualNetworkLinks/hub").status_code == 200
    assert network.arm("DELETE", zone).status_code == 200
    assert network.arm("GET", f"{zone}/SOA/@").status_code == 404


@pytest.mark.azure_assumed
def test_a_network_sees_one_zone_of_a_name_and_registers_in_one(network: Any, azure: RunningAzure):
    zone, other, vnet = network.zone("example.net"), network.zone("example.org"), network.vnet("hub").id
    azure.group(f"{network.group}-2")
    twin = zone.replace(network.group, f"{network.group}-2")
    network.arm("PUT", twin, {"location": "global"})
    assert link(network, zone, "hub", vnet, registrationEnabled=True).status_code == 201

    again = link(network, zone, "again", vnet)
    elsewhere = link(network, twin, "hub", vnet)
    registers = link(network, other, "hub", vnet, registrationEnabled=True)

    assert code(again) == code(elsewhere) == code(registers) == (400, "BadRequest")
    assert "overlapping namespaces" in elsewhere.json()["error"]["message"]
    assert "registration" in registers.json()["error"]["message"]
    assert link(network, other, "hub", vnet).status_code == 201
    assert code(link(network, other, "lost", f"{vnet}x")) == (400, "LinkedResourceNotFound")
    assert code(link(network, other, "lost", zone)) == (400, "InvalidResourceReference")


@pytest.mark.azure_assumed
def test_if_none_match_protects_a_record(network: Any):
    zone = network.zone("example.net")
    record(network, zone, "A", "host", aRecords=[{"ipv4Address": "10.0.0.4"}])

    answer = network.azure.arm(
        "PUT",
        f"{zone}/A/host",
        {"properties": {"ttl": 60, "aRecords": []}},
        api_version=VERSION,
        headers={"If-None-Match": "*"},
    )

    assert code(answer) == (412, "PreconditionFailed")
    assert network.records(zone) == {"host": ["10.0.0.4"]}
