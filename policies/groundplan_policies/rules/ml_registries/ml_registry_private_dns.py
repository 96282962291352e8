# SPDX-License-Identifier: Apache-2.0
"""The private endpoint of a registry is registered in its DNS zone.

An endpoint without any zone group is the business of the rule for all private endpoints: its records may be kept elsewhere.
"""

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
    Violation,
)
from groundplan_policies.subjects.private_endpoints import ENDPOINT, ZONE, ZONE_GROUP
from groundplan_policies.subjects.zone_records import CONFIGS, leads_to, registers

NAMES = ("privatelink.api.azureml.ms", "privatelink.api.ml.azure.us", "privatelink.api.ml.azure.cn")
"""The zone in Azure's clouds, the public one first."""


def check(zones: Resource, stack: Stack) -> Found:
    """A zone group of an endpoint with the group `amlregistry`."""
    endpoint = stack.parent(zones)
    if endpoint is None or not leads_to(endpoint, "amlregistry"):
        return
    if not registers(zones, stack, NAMES):
        yield Violation(CONFIGS, f"{CONFIGS} names no zone {NAMES[0]!r}; a registry needs a record there")


RULE = Rule(
    id="GP-MLR-003",
    slug="ml-registry-private-dns",
    title="The private endpoint of a registry of machine learning assets is registered in its DNS zone",
    severity="medium",
    types=(ZONE_GROUP,),
    controls=("aml-registry-private-dns",),
    rationale="Without the record workspaces resolve the registry to its public address, where a closed registry refuses them.",
    remediation="Give `PrivateEndpoint.dns_zone_ids` the zone `aml-api`, which `PrivateDns` makes.",
    absent="Passes for an endpoint without a zone group, or of another service, or outside of the stack.",
    unknown="Decided by the zones that the program passes, where their ids are not known yet.",
    needs_stack=True,
    check=check,
)

_API = {"type": ZONE, "name": "privatelink.api.azureml.ms"}
_OTHER = {"type": ZONE, "name": "privatelink.notebooks.azure.net"}
_AWAY = "/subscriptions/1/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink"


def _zones(*ids: object, **more: object) -> dict[str, object]:
    configs = [{"name": "zone", "properties": {"privateDnsZoneId": each}} for each in ids]
    return {"name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}, **more}


def _endpoint(group: str = "amlregistry", **more: object) -> dict[str, object]:
    connections = [{"properties": {"groupIds": [group]}}]
    return {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": connections}, **more}


_SAYS = f"{CONFIGS} names no zone 'privatelink.api.azureml.ms'; a registry needs a record there"
GOOD: GoodCases = {
    "the zone": [_zones(Id("privatelink.api.azureml.ms")), _endpoint(), _API],
    "all are new": [
        _zones(Later("privatelink.api.azureml.ms"), parent=Later("pe")),
        _endpoint(new=True),
        {**_API, "new": True},
    ],
    "the zone of the government's cloud": [_zones(f"{_AWAY}.api.ml.azure.us"), _endpoint()],
    "the zone of China's cloud": [_zones(f"{_AWAY}.api.ml.azure.cn"), _endpoint()],
    "an endpoint of a workspace": [_zones(), _endpoint("amlworkspace")],
    "the endpoint is elsewhere": _zones(),
}
BAD: BadCases = {
    "another zone": Bad([_zones(Later("privatelink.notebooks.azure.net")), _endpoint(), _OTHER], says=_SAYS),
    "none": Bad([_zones(), _endpoint("AmlRegistry")], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {"a zone from elsewhere": [_zones(UNKNOWN), _endpoint()]}
