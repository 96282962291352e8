# SPDX-License-Identifier: Apache-2.0
"""A private endpoint of a storage account registers in the DNS zone of its service."""

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
from groundplan_policies.subjects.storage_account import ACCOUNT

_CLOUDS = r"(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)"
ZONES = {
    f"{service}{region}": Zone(
        re.compile(rf"privatelink\.{service}\.core\.{_CLOUDS}"), f"privatelink.{service}.core.windows.net"
    )
    for service in ("blob", "dfs", "file", "queue", "table", "web")
    for region in ("", "_secondary")
}
"""By group id; the endpoint of the other region's copy registers in the same zone."""


def check(endpoint: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Endpoints to storage accounts only: other services call their parts `table` and `web` as well."""
    yield from zone_problems(endpoint, stack, ACCOUNT, ZONES, elsewhere=given["managedElsewhere"])


RULE = Rule(
    id="GP-ST-008",
    slug="storage-endpoint-dns",
    title="A private endpoint of a storage account registers in the DNS zone of its service",
    severity="medium",
    types=(ENDPOINT,),
    controls=("st-private-dns",),
    rationale=(
        "Clients know each service by its public name. Only the private zone of that very service turns it into the endpoint's address; "
        "without the record they go to the public address, which a closed account refuses."
    ),
    remediation=(
        "Pass the zones of the services, such as `blob` and `file` of `PrivateDns`, in `dns_zone_ids` of `PrivateEndpoint`. Where a policy "
        "of the platform team writes the records, set `managedElsewhere` in the configuration of the pack."
    ),
    absent="A violation: without a zone group nobody writes the record, unless `managedElsewhere` says that somebody does.",
    unknown="Decided by the zone that the program passes, where the id itself is not known yet.",
    needs_stack=True,
    parameters=(MANAGED_ELSEWHERE,),
    check=check,
)

_ZONE_ID = "/subscriptions/0/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/"
_ST: dict[str, object] = {"name": "st", "type": ACCOUNT}
_COSMOS = {"name": "cosmos", "type": "Microsoft.DocumentDB/databaseAccounts"}


def _endpoint(group: str, target: object = Id("st"), **more: object) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"name": "pe", "properties": {"privateLinkServiceConnections": connections}, **more}


def _zone(name: object, **more: object) -> dict[str, object]:
    configs = [{"name": "zone", "properties": {"privateDnsZoneId": name}}]
    return {"type": ZONE_GROUP, "name": "pe/default", "properties": {"privateDnsZoneConfigs": configs}, **more}


def _in(group: str, zone: str) -> list[dict[str, object]]:
    return [_endpoint(group), _ST, _zone(f"{_ZONE_ID}{zone}")]


def _none(service: str) -> str:
    return f"no DNS zone group of the stack belongs to it; one with the zone 'privatelink.{service}.core.windows.net' is needed"


def _other(service: str, group: str) -> str:
    return f"its DNS zone group does not have the zone 'privatelink.{service}.core.windows.net' of the group '{group}'"


GOOD: GoodCases = {
    **{
        f"{service} is registered": _in(service, f"privatelink.{service}.core.windows.net")
        for service in ("blob", "dfs", "file", "queue", "table", "web")
    },
    "the other region's copy": _in("blob_secondary", "privatelink.blob.core.windows.net"),
    "Azure Government": _in("blob", "privatelink.blob.core.usgovcloudapi.net"),
    "Azure in China": _in("file", "privatelink.file.core.chinacloudapi.cn"),
    "all are new": [
        _endpoint("blob", Later("st"), new=True),
        {**_ST, "new": True},
        {"name": "privatelink.blob.core.windows.net", "type": ZONE, "new": True},
        _zone(Later("privatelink.blob.core.windows.net"), parent=Later("pe")),
    ],
    "the table of another service": [_endpoint("Table", Id("cosmos")), _COSMOS],
    "records are written elsewhere": Good([_endpoint("blob"), _ST], given={"managedElsewhere": True}),
}
BAD: BadCases = {
    **{
        f"{service} has no zone group": Bad([_endpoint(service), _ST], says=_none(service))
        for service in ("blob", "dfs", "file", "queue", "table", "web")
    },
    "no zone group, both are new": Bad(
        [_endpoint("blob", Later("st"), new=True), {**_ST, "new": True}], says=_none("blob")
    ),
    "the other region's copy has none": Bad([_endpoint("dfs_secondary"), _ST], says=_none("dfs")),
    "the zone of another service": Bad(_in("file", "privatelink.blob.core.windows.net"), says=_other("file", "file")),
    "the copy in the zone of another service": Bad(
        _in("queue_secondary", "privatelink.table.core.windows.net"), says=_other("queue", "queue_secondary")
    ),
}
UNKNOWN_CASES: UnknownCases = {"zone known later": [_endpoint("blob"), _ST, _zone(UNKNOWN)]}
