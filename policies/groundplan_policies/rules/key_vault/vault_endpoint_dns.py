# SPDX-License-Identifier: Apache-2.0
"""A private endpoint of a key vault registers in the vaults' DNS zone."""

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
from groundplan_policies.subjects.endpoint_zones import MANAGED_ELSEWHERE, Zone, zone_problems
from groundplan_policies.subjects.private_endpoints import ENDPOINT, ZONE, ZONE_GROUP

VAULT = "Microsoft.KeyVault/vaults"
ZONES = {
    "vault": Zone(
        re.compile(r"privatelink\.(vaultcore\.azure\.net|vaultcore\.usgovcloudapi\.net|vaultcore\.azure\.cn)"),
        "privatelink.vaultcore.azure.net",
    )
}


def check(endpoint: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Endpoints to vaults only."""
    yield from zone_problems(endpoint, stack, VAULT, ZONES, elsewhere=given["managedElsewhere"])


RULE = Rule(
    id="GP-KV-008",
    slug="vault-endpoint-dns",
    title="A private endpoint of a key vault registers in the vaults' DNS zone",
    severity="medium",
    types=(ENDPOINT,),
    controls=("kv-private-dns",),
    rationale=(
        "Clients know the vault by its public name. Only the private zone turns that into the endpoint's address; without the record "
        "they go to the public address, which a closed vault refuses."
    ),
    remediation=(
        "Pass the zone `vault` of `PrivateDns` in `dns_zone_ids` of `PrivateEndpoint`. Where a policy of the platform team writes the "
        "records, set `managedElsewhere` in the configuration of the pack."
    ),
    absent="A violation: without a zone group nobody writes the record, unless `managedElsewhere` says that somebody does.",
    unknown="Decided by the zone that the program passes, where the id itself is not known yet.",
    needs_stack=True,
    parameters=(MANAGED_ELSEWHERE,),
    check=check,
)

_ZONE_ID = "/subscriptions/0/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/"


def _endpoint(target: object = Id("kv"), group: str = "vault", **more: object) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"name": "pe", "properties": {"privateLinkServiceConnections": connections}, **more}


def _group(zone: object, **more: object) -> dict[str, object]:
    configs = [{"name": "vault", "properties": {"privateDnsZoneId": zone}}]
    return {"type": ZONE_GROUP, "name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}, **more}


_KV = {"name": "kv", "type": VAULT}
_NEW = [_endpoint(Later("kv"), new=True), {**_KV, "new": True}]
_REGISTRY = {"name": "cr", "type": "Microsoft.ContainerRegistry/registries"}
_BY_HAND = {
    "name": "pe",
    "properties": {
        "manualPrivateLinkServiceConnections": [
            {"properties": {"privateLinkServiceId": Id("kv"), "groupIds": ["vault"]}}
        ]
    },
}
_NONE = "no DNS zone group of the stack belongs to it; one with the zone 'privatelink.vaultcore.azure.net' is needed"
_OTHER = "its DNS zone group does not have the zone 'privatelink.vaultcore.azure.net' of the group 'vault'"

GOOD: GoodCases = {
    "registered": [_endpoint(), _KV, _group(f"{_ZONE_ID}privatelink.vaultcore.azure.net")],
    "in another letter case": [_endpoint(group="Vault"), _KV, _group(f"{_ZONE_ID}PrivateLink.VaultCore.Azure.Net")],
    "Azure Government": [_endpoint(), _KV, _group(f"{_ZONE_ID}privatelink.vaultcore.usgovcloudapi.net")],
    "Azure in China": [_endpoint(), _KV, _group(f"{_ZONE_ID}privatelink.vaultcore.azure.cn")],
    "all are new": [
        *_NEW,
        {"name": "privatelink.vaultcore.azure.net", "type": ZONE, "new": True},
        _group(Later("privatelink.vaultcore.azure.net"), parent=Later("pe")),
    ],
    "leads elsewhere": [_endpoint(Id("cr")), _REGISTRY],
    "both are new and it leads elsewhere": [
        _endpoint(Later("cr"), new=True),
        {**_REGISTRY, "new": True},
        {**_KV, "new": True},
    ],
    "another group": [_endpoint(group="other"), _KV],
    "records are written elsewhere": Good([_endpoint(), _KV], given={"managedElsewhere": True}),
}
BAD: BadCases = {
    "no zone group": Bad([_endpoint(), _KV], says=_NONE),
    "no zone group, in another letter case": Bad([_endpoint(group="Vault"), _KV], says=_NONE),
    "no zone group, of a vault elsewhere": Bad(
        _endpoint("/subscriptions/0/resourceGroups/other/providers/microsoft.keyvault/vaults/kv"), says=_NONE
    ),
    "no zone group, approved by hand": Bad([_BY_HAND, _KV], says=_NONE),
    "no zone group, all are new": Bad(_NEW, says=_NONE),
    "another zone": Bad([_endpoint(), _KV, _group(f"{_ZONE_ID}privatelink.azurecr.io")], says=_OTHER),
    "the public zone": Bad([_endpoint(), _KV, _group(f"{_ZONE_ID}vaultcore.azure.net")], says=_OTHER),
    "a part of the zone": Bad([_endpoint(), _KV, _group(f"{_ZONE_ID}privatelink.vaultcore.azure.net.eu")], says=_OTHER),
    "another zone, all are new": Bad(
        [*_NEW, {"name": "internal", "type": ZONE, "new": True}, _group(Later("internal"), parent=Later("pe"))],
        says=_OTHER,
    ),
    "another zone though records are written elsewhere": Bad(
        [_endpoint(), _KV, _group(f"{_ZONE_ID}privatelink.azurecr.io")], says=_OTHER, given={"managedElsewhere": True}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "zone known later": [_endpoint(), _KV, _group(UNKNOWN)],
    "endpoint known later": [{"name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}}],
}
