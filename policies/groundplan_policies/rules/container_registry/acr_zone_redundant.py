# SPDX-License-Identifier: Apache-2.0
"""A container registry and its replicas are spread over availability zones.

Azure does so by itself for every tier in regions that have zones, whatever `zoneRedundancy` says. So the region decides; the
property still counts where Azure knows of zones that the parameter does not.
Source: Microsoft's "Zone redundancy in Azure Container Registry".
"""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.container_registry import REGISTRY, REPLICATION, region

ZONED = (
    "australiaeast brazilsouth canadacentral centralindia centralus chinanorth3 eastasia eastus eastus2 francecentral "
    "germanywestcentral israelcentral italynorth japaneast koreacentral mexicocentral newzealandnorth northeurope norwayeast "
    "polandcentral qatarcentral southafricanorth southcentralus southeastasia spaincentral swedencentral switzerlandnorth uaenorth "
    "uksouth usgovvirginia westeurope westus2 westus3"
)


def check(registry: Resource, given: Mapping[str, Any]) -> Found:
    """Where the region is that of the resource group, nobody can tell."""
    location = region(registry.text("location"))
    if not location or location in {region(each) for each in given["zonedRegions"]}:
        return
    if not registry.equals("properties.zoneRedundancy", "Enabled"):
        yield registry.wrong("location", "a region with availability zones is needed")


RULE = Rule(
    id="GP-ACR-015",
    slug="acr-zone-redundant",
    title="A container registry and its replicas are spread over availability zones",
    severity="low",
    types=(REGISTRY, REPLICATION),
    controls=("acr-zone-redundant",),
    rationale="When one data centre fails, nodes start elsewhere and pull all their images again: the registry has to outlive it.",
    remediation="Move the registry to a region with availability zones, or add one to `zonedRegions` once Azure has zones there.",
    absent="Passes without a location, which is then that of the resource group.",
    parameters=(
        Parameter(
            name="zonedRegions",
            default=ZONED.split(),
            description="The regions that have availability zones, as Azure writes them in ids.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)

GOOD: GoodCases = {
    "first zoned region": {"location": "australiaeast", "properties": {"zoneRedundancy": "Disabled"}},
    "last zoned region": {"location": "westus3"},
    "as the portal writes it": {"location": "West Europe"},
    "the property says so": {"location": "westus", "properties": {"zoneRedundancy": "Enabled"}},
    "zones are new there": Good({"location": "westus"}, given={"zonedRegions": ["West US"]}),
    "region of the resource group": {"properties": {}},
    "replica": {"type": REPLICATION, "name": "cr/northeurope", "location": "northeurope"},
}
BAD: BadCases = {
    "no zones": Bad(
        {"location": "westus", "properties": {"zoneRedundancy": "Disabled"}},
        says="location is 'westus'; a region with availability zones is needed",
    ),
    "replica without zones": Bad(
        {"type": REPLICATION, "name": "cr/ukwest", "location": "ukwest"}, says="location is 'ukwest'; a region with"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"location": UNKNOWN},
    "property decided later": {"location": "westus", "properties": {"zoneRedundancy": UNKNOWN}},
}
