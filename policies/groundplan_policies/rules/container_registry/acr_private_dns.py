# SPDX-License-Identifier: Apache-2.0
"""A container registry's private endpoint is in its DNS zone.

Zone names of the sovereign clouds count, too: `azurecr.us` and `azurecr.cn`.
"""

from collections.abc import Iterator

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.container_registry import REGISTRY
from groundplan_policies.private_endpoints import ENDPOINT, ZONE, ZONE_GROUP, endpoints_of

NAMES = ("privatelink.azurecr.io", "privatelink.azurecr.us", "privatelink.azurecr.cn")
ZONE_ID = "properties.privateDnsZoneId"


def check(registry: Resource, stack: Stack) -> Found:
    """Every endpoint that leads to the registry; a registry without any is the business of another rule."""
    for endpoint in endpoints_of(registry, stack, "registry"):
        if not any(name.casefold() in NAMES for name in _zones(endpoint, stack)):
            yield Violation(
                "",
                f"its private endpoint {endpoint.label} is in no zone group with the zone 'privatelink.azurecr.io'; one is needed",
            )


def _zones(endpoint: Resource, stack: Stack) -> Iterator[str]:
    for group in stack.children(endpoint, ZONE_GROUP):
        for config in group.items("properties.privateDnsZoneConfigs"):
            yield from _names(group, config, stack)


def _names(group: Resource, config: View, stack: Stack) -> Iterator[str]:
    """The zone's name: from its id, or from the zone that the program passes in."""
    if isinstance(config.view(ZONE_ID).node, str):
        yield config.text(ZONE_ID).rpartition("/")[2]
    elif passed := [zone for zone in stack.of(ZONE) if stack.refers(group, config, ZONE_ID, zone)]:
        yield from (str(zone.name) for zone in passed)
    else:
        config.get(ZONE_ID)  # unknown, and from elsewhere


RULE = Rule(
    id="GP-ACR-008",
    slug="acr-private-dns",
    title="A container registry's private endpoint is in its DNS zone",
    severity="medium",
    types=(REGISTRY,),
    controls=("acr-private-dns",),
    rationale=(
        "Without its records the registry's name leads clients to the public address, which is closed. Where a policy of the landing "
        "zone makes the zone group after the deployment, exempt the registry or disable this rule."
    ),
    remediation="Give `private_endpoint` of `ContainerRegistry` the zone of registries in `dns_zone_ids`.",
    absent="A violation for every endpoint without a zone group; a registry without an endpoint passes.",
    unknown="Decided by what the program passes to the zone group, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)

_ENDPOINT = {
    "type": ENDPOINT,
    "name": "pe",
    "properties": {
        "privateLinkServiceConnections": [{"properties": {"privateLinkServiceId": Id("cr"), "groupIds": ["registry"]}}]
    },
}
_FOREIGN = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/{}"


def _group(zone: object, **more: object) -> dict[str, object]:
    configs = [{"name": "one", "properties": {"privateDnsZoneId": zone}}]
    return {"type": ZONE_GROUP, "name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}, **more}


def _zone(name: str) -> dict[str, object]:
    return {"type": ZONE, "name": name}


GOOD: GoodCases = {
    "no endpoint": {"name": "cr"},
    "zone of the hub": [{"name": "cr"}, _ENDPOINT, _group(_FOREIGN.format("privatelink.azurecr.io"))],
    "in another letter case": [{"name": "cr"}, _ENDPOINT, _group(_FOREIGN.format("privatelink.AzureCR.io"))],
    "government": [{"name": "cr"}, _ENDPOINT, _group(_FOREIGN.format("privatelink.azurecr.us"))],
    "China": [{"name": "cr"}, _ENDPOINT, _group(_FOREIGN.format("privatelink.azurecr.cn"))],
    "all are new": [
        {"name": "cr"},
        {**_ENDPOINT, "new": True},
        _zone("privatelink.azurecr.io"),
        _zone("privatelink.blob.core.windows.net"),
        _group(Later("privatelink.azurecr.io"), parent=Later("pe")),
    ],
}
_SAYS = "its private endpoint pe is in no zone group with the zone 'privatelink.azurecr.io'; one is needed"
BAD: BadCases = {
    "no zone group": Bad([{"name": "cr"}, _ENDPOINT], says=_SAYS),
    "another zone": Bad([{"name": "cr"}, _ENDPOINT, _group(_FOREIGN.format("privatelink.azurecr.com"))], says=_SAYS),
    "another zone, all new": Bad(
        [
            {"name": "cr"},
            {**_ENDPOINT, "new": True},
            _zone("azurecr.io"),
            _group(Later("azurecr.io"), parent=Later("pe")),
        ],
        says=_SAYS,
    ),
    "no zone": Bad([{"name": "cr"}, _ENDPOINT, _group(None)], says=_SAYS),
    "zone group of another endpoint": Bad(
        [{"name": "cr"}, _ENDPOINT, {**_group(_FOREIGN.format("privatelink.azurecr.io")), "name": "pe2/default"}],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "zone from elsewhere": [{"name": "cr"}, _ENDPOINT, _zone("privatelink.azurecr.io"), _group(UNKNOWN)],
    "zone groups made later": [
        {"name": "cr"},
        _ENDPOINT,
        {"type": ZONE_GROUP, "name": "pe/default", "properties": {"privateDnsZoneConfigs": UNKNOWN}},
    ],
}
