# SPDX-License-Identifier: Apache-2.0
"""A private endpoint of a container registry registers in the registries' DNS zone."""

import re
from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.container_registry import REGISTRY
from groundplan_policies.subjects.endpoint_zones import MANAGED_ELSEWHERE, Zone, zone_problems
from groundplan_policies.subjects.private_endpoints import ENDPOINT, ZONE, ZONE_GROUP

ZONES = {"registry": Zone(re.compile(r"privatelink\.azurecr\.(io|us|cn)"), "privatelink.azurecr.io")}


def check(endpoint: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Endpoints to registries only."""
    yield from zone_problems(endpoint, stack, REGISTRY, ZONES, elsewhere=given["managedElsewhere"])


RULE = Rule(
    id="GP-ACR-008",
    slug="acr-private-dns",
    title="A private endpoint of a container registry registers in the registries' DNS zone",
    severity="medium",
    types=(ENDPOINT,),
    controls=("acr-private-dns",),
    rationale=(
        "Nodes pull by the registry's public name. Only the private zone turns that, and the names of the data endpoints, into "
        "addresses of the network; without the records pulls go to the public address, which a closed registry refuses."
    ),
    remediation=(
        "Pass the zone of registries in `dns_zone_ids` of `PrivateEndpoint`. Where a policy of the platform team writes the records, "
        "set `managedElsewhere` in the configuration of the pack."
    ),
    absent="A violation: without a zone group nobody writes the records, unless `managedElsewhere` says that somebody does.",
    unknown="Decided by the zone that the program passes, where the id itself is not known yet.",
    needs_stack=True,
    parameters=(MANAGED_ELSEWHERE,),
    check=check,
)

_ZONE_ID = "/subscriptions/0/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/"
_CR = {"name": "cr", "type": REGISTRY}


def _endpoint(target: object = Id("cr"), group: str = "registry", **more: object) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"name": "pe", "properties": {"privateLinkServiceConnections": connections}, **more}


def _group(zone: object, **more: object) -> dict[str, object]:
    configs = [{"name": "registry", "properties": {"privateDnsZoneId": zone}}]
    return {"type": ZONE_GROUP, "name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}, **more}


_NEW = [_endpoint(Later("cr"), new=True), {**_CR, "new": True}]
_NONE = "no DNS zone group of the stack belongs to it; one with the zone 'privatelink.azurecr.io' is needed"
_OTHER = "its DNS zone group does not have the zone 'privatelink.azurecr.io' of the group 'registry'"

GOOD: GoodCases = {
    "registered": [_endpoint(), _CR, _group(f"{_ZONE_ID}privatelink.azurecr.io")],
    "Azure Government": [_endpoint(), _CR, _group(f"{_ZONE_ID}privatelink.azurecr.us")],
    "Azure in China": [_endpoint(), _CR, _group(f"{_ZONE_ID}privatelink.azurecr.cn")],
    "all are new": [
        *_NEW,
        {"name": "privatelink.azurecr.io", "type": ZONE, "new": True},
        _group(Later("privatelink.azurecr.io"), parent=Later("pe")),
    ],
    "leads elsewhere": [_endpoint(Id("kv"), "vault"), {"name": "kv", "type": "Microsoft.KeyVault/vaults"}],
    "another group": [_endpoint(group="other"), _CR],
    "records are written elsewhere": Good([_endpoint(), _CR], given={"managedElsewhere": True}),
}
BAD: BadCases = {
    "no zone group": Bad([_endpoint(), _CR], says=_NONE),
    "no zone group, of a registry elsewhere": Bad(
        _endpoint("/subscriptions/0/resourceGroups/r/providers/Microsoft.ContainerRegistry/registries/cr"), says=_NONE
    ),
    "no zone group, all are new": Bad(_NEW, says=_NONE),
    "another zone": Bad([_endpoint(), _CR, _group(f"{_ZONE_ID}privatelink.vaultcore.azure.net")], says=_OTHER),
    "the public zone": Bad([_endpoint(), _CR, _group(f"{_ZONE_ID}azurecr.io")], says=_OTHER),
    "a dot is a dot": Bad([_endpoint(), _CR, _group(f"{_ZONE_ID}privatelink-azurecr.io")], says=_OTHER),
    "every dot is a dot": Bad([_endpoint(), _CR, _group(f"{_ZONE_ID}privatelink.azurecr-io")], says=_OTHER),
    "another zone though records are written elsewhere": Bad(
        [_endpoint(), _CR, _group(f"{_ZONE_ID}azurecr.io")], says=_OTHER, given={"managedElsewhere": True}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "zone known later": [_endpoint(), _CR, _group(UNKNOWN)],
    "endpoint known later": [{"name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}}],
}
