# SPDX-License-Identifier: Apache-2.0
"""What stages refuse in their configuration before anything starts: the key, the value, what is allowed, how to mend it."""

import json
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from groundplan.config import Settings
from groundplan.errors import ConfigError

STACKS = Path(__file__).parents[2] / "stacks"
HUB = "/subscriptions/s/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
ZONES = "/subscriptions/s/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones"
NETWORK: dict[str, Any] = {
    "addressSpace": "10.0.0.0/16",
    "subnets": {"endpoints": {"prefix": "10.0.0.0/24", "purpose": "endpoints"}},
}
FOUNDATION: dict[str, Any] = {
    "project": "vision",
    "environment": "dev",
    "location": "westeurope",
    "network": NETWORK,
}


@cache
def settings_of(stage: str) -> type[Settings]:
    found = runpy.run_path(str(STACKS / stage / "settings.py")).values()
    (settings,) = (
        each for each in found if isinstance(each, type) and issubclass(each, Settings) and each is not Settings
    )
    return settings


def read(stage: str, given: dict[str, Any]) -> Any:
    """The configuration as the engine hands it over."""
    raw = {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}
    return settings_of(stage).parse(raw, file="Pulumi.dev.yaml", prefix="stage:")


def subnet(**keys: object) -> dict[str, Any]:
    return {"network": {**NETWORK, "subnets": {**NETWORK["subnets"], "more": {"prefix": "10.0.1.0/24", **keys}}}}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"existingNetwork": {"id": HUB, "subnets": {"endpoints": "a"}}}, "give either network, .*; both is given"),
    ({"network": None}, "give either network, .*, or existingNetwork, .*; neither is given"),
    (
        {"existingNetwork": {"id": "vnet-hub", "subnets": {"endpoints": "a"}}},
        r"existingNetwork\.id is .vnet-hub.: not an ARM id of Microsoft.Network/virtualNetworks; write /subscriptions/",
    ),
    (
        {"existingNetwork": {"id": HUB, "subnets": {"training": "a"}}},
        r"existingNetwork\.subnets is .*: the key 'endpoints' is needed",
    ),
    (subnet(purpose="gpu"), r"subnets\.more\.purpose is .gpu.: .*'endpoints', 'training', 'aks', 'functions' or"),
    (subnet(purpose="training", ports=[8883]), "ports are for private endpoints; purpose is 'training'"),
    (subnet(purpose="endpoints", ports=[99999]), "99999 is no port; allowed are 1 to 65535"),
    (subnet(purpose="functions", internetOutbound=True), "internetOutbound is for training and aks; .* 'functions'"),
    (subnet(purpose="gateway", firewall="10.9.0.4"), "firewall is for training, aks and functions; .* 'gateway'"),
    (subnet(purpose="training", firewall="hub"), r"more\.firewall is .hub.: .*IPv4 address"),
    (
        {"network": {**NETWORK, "peerings": {"hub": {"networkId": HUB, "bothWay": True}}}},
        r"peerings\.hub\.bothWay is not a known key; did you mean 'bothWays'\?",
    ),
    (
        {"network": {**NETWORK, "flowLogs": {"storageAccountId": HUB}}},
        "flowLogs.storageAccountId is .* not an ARM id of Microsoft.Storage/storageAccounts",
    ),
    ({"dnsZones": ["iothub"]}, "dnsZones: unknown zone 'iothub'; known: agentsvc, .*iot-hub"),
    (
        {"dnsZones": ["grafana"], "cloud": "usgov"},
        "dnsZones: no zone 'grafana' is known for cloud 'usgov'; known for public",
    ),
    (
        {"cloud": "china"},
        "monitoring.privateLink: no private DNS zones .* for cloud 'china'; set monitoring.publicAccess: true, or",
    ),
    ({"centralDns": {}}, "centralDns is {}: name the central zones: resourceGroup for all of them, or zoneIds by key"),
    (
        {"centralDns": {"recordsByPolicy": True, "resourceGroup": "rg-dns"}},
        "recordsByPolicy: true goes without zones; leave resourceGroup and zoneIds out",
    ),
    (
        {"centralDns": {"recordsByPolicy": True}, "dnsZones": ["search"]},
        r"dnsZones is \['search'\], but centralDns.recordsByPolicy goes without; leave one out",
    ),
    (
        {"centralDns": {"subscription": "sub-1", "resourceGroup": "rg-dns"}},
        r"centralDns\.subscription is .sub-1.: not a GUID",
    ),
    (
        {"centralDns": {"zoneIds": {"blob": f"{ZONES}/privatelink.file.core.windows.net"}}},
        r"centralDns\.zoneIds\.blob is '.*file.*', which is not the id of a zone privatelink\.blob\.core\.windows\.net",
    ),
    ({"centralDns": {"zoneIds": {"blobs": f"{ZONES}/x"}}}, "centralDns.zoneIds: unknown zone 'blobs'; known: "),
]


@pytest.mark.parametrize(("changed", "message"), REFUSED)
def test_foundation_refuses(changed: dict[str, Any], message: str) -> None:
    given = {key: value for key, value in {**FOUNDATION, **changed}.items() if value is not None}

    with pytest.raises(ConfigError, match=message) as error:
        read("0-foundation", given)

    assert str(error.value).startswith("Pulumi.dev.yaml: ")


def test_foundation_is_closed_by_default() -> None:
    """Monitoring has a private link scope and its zones, unless it is open or somebody else's scope has it."""
    closed = read("0-foundation", FOUNDATION).monitoring
    zones = set(read("0-foundation", FOUNDATION).zones)
    opened = read("0-foundation", {**FOUNDATION, "monitoring": {"publicAccess": True}})
    elsewhere = read("0-foundation", {**FOUNDATION, "monitoring": {"privateLink": False}})

    assert (closed.public_access, closed.has_scope, closed.open_ingestion, closed.open_query) == (
        False,
        True,
        False,
        False,
    )
    assert zones >= {"monitor", "oms", "ods", "agentsvc", "blob", "vault"}
    assert not opened.monitoring.has_scope
    assert "monitor" not in opened.zones
    assert not elsewhere.monitoring.has_scope
    assert not elsewhere.monitoring.public_access


def test_nothing_shipped_opens_monitoring() -> None:
    """In no configuration and no blueprint."""
    files = [*STACKS.glob("0-foundation/Pulumi.*.yaml"), *STACKS.parent.glob("templates/*/blueprints/*.yaml")]
    found = [section for file in files for section in sections(YAML(typ="safe").load(file), "monitoring")]

    assert len(found) >= len(files) >= 8
    assert [section for section in found if section.get("publicAccess")] == []


def sections(content: object, name: str) -> Iterator[dict[str, Any]]:
    """Every mapping that a key `name` or `<project>:name` holds, at any depth."""
    if isinstance(content, dict):
        for key, value in content.items():
            if str(key).rpartition(":")[2] == name:
                yield value
            yield from sections(value, name)


MODULE = {"image": "contoso.azurecr.io/weld:3"}
EDGE: list[tuple[dict[str, Any], str]] = [
    ({"deviceProvisioning": {}}, r"deviceProvisioning is for devices of this stage's hub; add iotHub \({}"),
    (
        {"deployments": {"weld": {"targetCondition": "*", "modules": {"model": MODULE}}}},
        "deployments is for devices of this stage's hub; add iotHub",
    ),
    ({"iotHub": {"edition": "S9"}}, r"iotHub\.edition is .S9.: .*'S1', 'S2' or 'S3'"),
    ({"iotHub": {"partitions": 1}}, r"iotHub\.partitions is 1: .*greater than or equal to 2"),
    (
        {"iotHub": {}, "deployments": {"weld": {"targetCondition": "*", "modules": {"model": {}}}}},
        r"deployments\.weld\.modules\.model is {}: give either image, with its registry, or workspaceImage",
    ),
    (
        {
            "iotHub": {},
            "deployments": {"weld": {"targetCondition": "*", "modules": {"model": {"workspaceImage": "weld:3"}}}},
        },
        "module 'model' has an image of the workspace's registry, which is private; add workspaceRegistry: {username: ",
    ),
    ({"iotHub": {}, "deployments": {"weld": {"targetCondition": "*", "modules": {}}}}, r"modules is {}: .*at least 1"),
]


@pytest.mark.parametrize(("given", "message"), EDGE)
def test_edge_refuses(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read("4-edge", given)


def test_edge_is_closed_by_default() -> None:
    both = read("4-edge", {"iotHub": {}, "deviceProvisioning": {}})

    assert not both.iot_hub.public_access
    assert not both.device_provisioning.public_access


TENANT = "7d2f3c52-6a0c-4f55-9a0e-2f9d1f0f6f10"


@pytest.mark.parametrize(
    ("trusted", "subject"),
    [
        ({"repository": "example/ml", "environment": "prod"}, "repo:example/ml:environment:prod"),
        (
            {"organization": "o", "organizationId": TENANT, "project": "p", "serviceConnection": "c"},
            "sc://o/p/c",
        ),
        ({"tenantId": TENANT, "subjectIdentifier": "/eid1/c/pub/t/x"}, "/eid1/c/pub/t/x"),
    ],
)
def test_governance_trusts_each_kind_of_pipeline(trusted: dict[str, str], subject: str) -> None:
    read_back = read("5-governance", {"ci": {"deploy": {"trusted": {"main": trusted}}}})

    assert read_back.ci["deploy"].trusted["main"].trusted().subject == subject


def test_governance_wants_one_kind_of_pipeline() -> None:
    both = {"repository": "example/ml", "environment": "prod", "tenantId": TENANT, "subjectIdentifier": "/eid1"}

    with pytest.raises(ConfigError, match="or tenantId and subjectIdentifier"):
        read("5-governance", {"ci": {"deploy": {"trusted": {"main": both}}}})
