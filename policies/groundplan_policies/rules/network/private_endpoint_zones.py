# SPDX-License-Identifier: Apache-2.0
"""The zone group of a private endpoint names the zones of its service.

Workspaces, vaults, storage accounts, container registries and clusters have rules of their own for this. An endpoint without a zone
group is the business of `private-endpoint-zone-group`.
"""

from collections.abc import Iterator, Mapping, Sequence

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.endpoint_services import ZONES
from groundplan_policies.subjects.private_endpoints import ENDPOINT, ZONE, ZONE_GROUP
from groundplan_policies.subjects.zone_records import registers


def check(endpoint: Resource, stack: Stack) -> Found:
    """Every group of the endpoint whose zones are known needs a record in each of them."""
    registered = stack.children(endpoint, ZONE_GROUP)
    if not registered:
        return
    for group in _groups(endpoint):
        for names in ZONES.get(group.casefold(), ()):
            if not _registered(registered, names, stack):
                yield Violation("", f"its zone group names no zone {names[0]!r}, which the group {group!r} needs")


def _registered(zone_groups: Sequence[Resource], names: Sequence[str], stack: Stack) -> bool:
    return any_of(*(lambda each=each: registers(each, stack, names) for each in zone_groups))


def _groups(endpoint: Resource) -> Iterator[str]:
    for path in ("properties.privateLinkServiceConnections", "properties.manualPrivateLinkServiceConnections"):
        for connection in endpoint.items(path):
            yield from (group.text() for group in connection.items("properties.groupIds"))


RULE = Rule(
    id="GP-NET-008",
    slug="private-endpoint-zones",
    title="The zone group of a private endpoint names the zones of its service",
    severity="high",
    types=(ENDPOINT,),
    controls=("net-pe-zones", "ampls-private-link"),
    rationale=(
        "A record in a zone of another name answers nobody: clients find the public address, and a closed service refuses them. "
        "Some services answer under several names, and miss a part of their work with one zone."
    ),
    remediation="Name the zones in `dns_zone_ids` of `PrivateEndpoint`; `PrivateDns` makes them.",
    absent="Passes for an endpoint without a zone group, and for groups whose zones are not known.",
    unknown="Decided by the zones that the program passes, where their ids are not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(*groups: object, path: str = "privateLinkServiceConnections", **more: object) -> dict[str, object]:
    return {"name": "pe", "properties": {path: [{"properties": {"groupIds": [*groups]}}]}, **more}


def _zones(*ids: object, **more: object) -> dict[str, object]:
    configs = [{"name": f"zone{index}", "properties": {"privateDnsZoneId": each}} for index, each in enumerate(ids)]
    return {"type": ZONE_GROUP, "name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}, **more}


def _ids(names: Sequence[str]) -> list[str]:
    return [f"/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/{name}" for name in names]


_NEEDED: Mapping[str, Sequence[str]] = {
    "searchService": ["privatelink.search.windows.net"],
    "namespace": ["privatelink.servicebus.windows.net"],
    "azuremonitor": [
        "privatelink.monitor.azure.com",
        "privatelink.oms.opinsights.azure.com",
        "privatelink.ods.opinsights.azure.com",
        "privatelink.agentsvc.azure-automation.net",
        "privatelink.blob.core.windows.net",
    ],
    "iotHub": ["privatelink.azure-devices.net", "privatelink.servicebus.windows.net"],
}
GOOD: GoodCases = {
    **{group: [_endpoint(group), _zones(*_ids(names))] for group, names in _NEEDED.items()},
    "government": [_endpoint("dataFactory"), _zones(*_ids(["privatelink.datafactory.azure.us"]))],
    "no zone group": _endpoint("searchService"),
    "unknown group": [_endpoint("somethingNew"), _zones(*_ids(["privatelink.example.com"]))],
    "all are new": [
        _endpoint("searchService", new=True),
        _zones(Later("privatelink.search.windows.net"), parent=Later("pe")),
        {"type": ZONE, "name": "privatelink.search.windows.net", "new": True},
    ],
}
BAD: BadCases = {
    **{
        f"{group} without {missing}": Bad(
            [_endpoint(group), _zones(*_ids([each for each in names if each != missing]))],
            says=f"its zone group names no zone '{missing}', which the group '{group}' needs",
        )
        for group, names in _NEEDED.items()
        for missing in names
    },
    "by hand": Bad(
        [
            _endpoint("searchService", path="manualPrivateLinkServiceConnections"),
            _zones(*_ids(["privatelink.search.azure.com"])),
        ],
        says="its zone group names no zone 'privatelink.search.windows.net', which the group 'searchService' needs",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "zone from elsewhere": [_endpoint("searchService"), _zones(UNKNOWN)],
    "group decided later": [_endpoint(UNKNOWN), _zones(UNKNOWN)],
}
