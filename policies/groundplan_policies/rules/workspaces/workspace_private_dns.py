# SPDX-License-Identifier: Apache-2.0
"""The private endpoint of a workspace is registered in both of its DNS zones.

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

ZONES = (
    ("privatelink.api.azureml.ms", "privatelink.api.ml.azure.us", "privatelink.api.ml.azure.cn"),
    (
        "privatelink.notebooks.azure.net",
        "privatelink.notebooks.usgovcloudapi.net",
        "privatelink.notebooks.chinacloudapi.cn",
    ),
)
"""Names of each zone in Azure's clouds, the public one first."""


def check(zones: Resource, stack: Stack) -> Found:
    """A zone group of an endpoint with the group `amlworkspace` has to name a zone of each kind."""
    endpoint = stack.parent(zones)
    if endpoint is None or not leads_to(endpoint, "amlworkspace"):
        return
    for names in ZONES:
        if not registers(zones, stack, names):
            yield Violation(CONFIGS, f"{CONFIGS} names no zone {names[0]!r}; a workspace needs a record there as well")


RULE = Rule(
    id="GP-AML-004",
    slug="workspace-private-dns",
    title="The private endpoint of a workspace is registered in both of its DNS zones",
    severity="high",
    types=(ZONE_GROUP,),
    controls=("aml-ws-private-dns",),
    rationale=(
        "A workspace answers under names of two zones. With one of them missing the studio or the notebooks resolve to public "
        "addresses, where a closed workspace refuses everybody."
    ),
    remediation="Give `PrivateEndpoint.dns_zone_ids` both `aml-api` and `aml-notebooks`; `PrivateDns` makes them.",
    absent="Passes for an endpoint without a zone group, or of another service, or outside of the stack.",
    unknown="Decided by the zones that the program passes, where their ids are not known yet.",
    needs_stack=True,
    check=check,
)

_PUBLIC = ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net")
_API, _NOTEBOOKS = ({"type": ZONE, "name": name} for name in _PUBLIC)
_OTHER = {"type": ZONE, "name": "privatelink.azurecr.io"}


def _zones(*ids: object, parent: object = None) -> dict[str, object]:
    configs = [{"name": "zone", "properties": {"privateDnsZoneId": each}} for each in ids]
    body: dict[str, object] = {"name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}}
    return body if parent is None else {**body, "parent": parent}


def _endpoint(group: str = "amlworkspace", connections: str = "privateLinkServiceConnections") -> dict[str, object]:
    return {"type": ENDPOINT, "name": "pe", "properties": {connections: [{"properties": {"groupIds": [group]}}]}}


_NEW = {**_endpoint(), "new": True}
_LACKS = "properties.privateDnsZoneConfigs names no zone '{}'; a workspace needs a record there as well"
_NO_API, _NO_NOTEBOOKS = (_LACKS.format(name) for name in _PUBLIC)
_AWAY = "/subscriptions/1/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink"
_GOVERNMENT = (f"{_AWAY}.api.ml.azure.us", f"{_AWAY}.notebooks.usgovcloudapi.net")
_CHINA = (f"{_AWAY}.api.ml.AZURE.cn", f"{_AWAY}.Notebooks.chinacloudapi.cn")

GOOD: GoodCases = {
    "both zones": [_zones(Id(_PUBLIC[0]), Id(_PUBLIC[1])), _endpoint(), _API, _NOTEBOOKS],
    "all are new": [
        _zones(Later(_PUBLIC[0]), Later(_PUBLIC[1]), parent=Later("pe")),
        _NEW,
        {**_API, "new": True},
        {**_NOTEBOOKS, "new": True},
    ],
    "zones of the government's cloud": [_zones(*_GOVERNMENT), _endpoint()],
    "zones of China's cloud": [_zones(*_CHINA), _endpoint()],
    "an endpoint of another service": [_zones(), _endpoint("registry")],
    "the endpoint is elsewhere": _zones(),
}
BAD: BadCases = {
    "no notebooks": Bad([_zones(Id(_PUBLIC[0])), _endpoint(), _API, _NOTEBOOKS], says=_NO_NOTEBOOKS),
    "no api": Bad([_zones(Id(_PUBLIC[1])), _endpoint(), _API, _NOTEBOOKS], says=_NO_API),
    "no notebooks, and all are new": Bad(
        [_zones(Later(_PUBLIC[0]), parent=Later("pe")), _NEW, _API, _NOTEBOOKS], says=_NO_NOTEBOOKS
    ),
    "the zone of another service": Bad([_zones(Later(_OTHER["name"])), _endpoint(), _OTHER], says=_NO_API),
    "a request that somebody approves by hand": Bad(
        [_zones(), _endpoint("AmlWorkspace", "manualPrivateLinkServiceConnections")], says=_NO_API
    ),
    "an entry without a zone": Bad([_zones(None), _endpoint()], says=_NO_API),
}
UNKNOWN_CASES: UnknownCases = {
    "zones from elsewhere": [_zones(UNKNOWN), _endpoint()],
    "a zone whose name is made later": [
        _zones(Later("unnamed")),
        _endpoint(),
        {"type": ZONE, "name": UNKNOWN},
    ],
    "the list is made later": [{"name": "pe/default", "properties": {"privateDnsZoneConfigs": UNKNOWN}}, _endpoint()],
}
