# SPDX-License-Identifier: Apache-2.0
"""Outside of production nothing runs on the most expensive tiers.

Tiers that security needs are no luxury: a container registry or a Front Door with private endpoints has to be Premium, and is not
listed.
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
    Stack,
    UnknownCases,
    same,
)
from groundplan_policies.decisions import all_of, each_of
from groundplan_policies.subjects.environments import PARAMETERS, is_elsewhere
from groundplan_policies.subjects.machine_sizes import fits

PLACES = ("sku.name", "sku.tier", "properties.sku.name", "properties.sku.tier")


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Where a tag says that it is not production; services write their tier in one of four places."""
    patterns = [each for kind, listed in given["skus"].items() if same(kind, found.type) for each in listed]

    def look(path: str) -> Found:
        if all_of(lambda: fits(found.text(path), patterns), lambda: is_elsewhere(found, stack, given)):
            yield found.wrong(path, "a smaller tier is needed outside of production")

    yield from each_of(PLACES if patterns else (), look)


RULE = Rule(
    id="GP-COST-028",
    slug="premium-outside-production",
    title="Outside of production nothing runs on the most expensive tiers",
    severity="low",
    types=("*",),
    controls=("cost-premium-outside-production",),
    rationale="A test environment that is built like production costs like production, around the clock, for a few hours of use.",
    remediation="Take a smaller `sku` or `tier` in the stacks of other environments.",
    absent="Passes: Azure takes a small tier, or refuses. A resource without a tag that names its environment passes as well.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="skus",
            default={
                "Microsoft.Cache/redis": ["Premium"],
                "Microsoft.ContainerService/managedClusters": ["Premium"],
                "Microsoft.EventHub/clusters": ["Dedicated"],
                "Microsoft.EventHub/namespaces": ["Premium"],
                "Microsoft.Network/azureFirewalls": ["Premium"],
                "Microsoft.Search/searchServices": ["standard2", "standard3", "storage_optimized_*"],
                "Microsoft.Storage/storageAccounts": ["Premium_*"],
                "Microsoft.Web/serverfarms": ["I*", "P?*v*"],
            },
            description="Names of tiers by ARM type, with `*` for any text.",
            schema={"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        ),
        *PARAMETERS,
    ),
    check=check,
)


def _one(type_: str, environment: object = "dev", **content: object) -> dict[str, object]:
    return {"type": type_, "tags": {"environment": environment}, **content}


_SEARCH = "Microsoft.Search/searchServices"
_TIERS = {
    "Microsoft.EventHub/clusters": "Dedicated",
    "Microsoft.EventHub/namespaces": "Premium",
    "Microsoft.Search/searchServices": "standard2",
    "Microsoft.Storage/storageAccounts": "Premium_LRS",
    "Microsoft.Web/serverfarms": "P1v3",
}
_SAYS = "a smaller tier is needed outside of production"
GOOD: GoodCases = {
    "production": _one(_SEARCH, "prod", sku={"name": "standard3"}),
    "production, tier decided later": _one(_SEARCH, "prod", sku={"name": UNKNOWN}),
    "no environment": _one(_SEARCH, None, sku={"name": "standard3"}),
    "small": _one(_SEARCH, sku={"name": "standard"}),
    "small, environment decided later": _one(_SEARCH, UNKNOWN, sku={"name": "basic"}),
    "small plan": _one("Microsoft.Web/serverfarms", sku={"name": "EP1", "tier": "ElasticPremium"}),
    "private registry": _one("Microsoft.ContainerRegistry/registries", sku={"name": "Premium"}),
    "private registry, decided later": _one("Microsoft.ContainerRegistry/registries", sku={"name": UNKNOWN}),
    "tiers in a company's words": Good(_one(_SEARCH, sku={"name": "standard3"}), given={"skus": {}}),
}
BAD: BadCases = {
    **{
        type_: Bad(_one(type_, sku={"name": tier}), says=f"sku.name is {tier!r}; {_SAYS}")
        for type_, tier in _TIERS.items()
    },
    "largest search": Bad(
        _one(_SEARCH.upper(), "Dev", sku={"name": "Standard3"}), says=f"sku.name is 'Standard3'; {_SAYS}"
    ),
    "search with much storage": Bad(_one(_SEARCH, sku={"name": "storage_optimized_l1"}), says=_SAYS),
    "isolated plan": Bad(_one("Microsoft.Web/serverfarms", sku={"name": "I1v2"}), says=f"sku.name is 'I1v2'; {_SAYS}"),
    "cluster": Bad(
        _one("Microsoft.ContainerService/managedClusters", sku={"name": "Base", "tier": "Premium"}),
        says=f"sku.tier is 'Premium'; {_SAYS}",
    ),
    "cache": Bad(
        _one("Microsoft.Cache/redis", properties={"sku": {"name": "Premium"}}),
        says=f"properties.sku.name is 'Premium'; {_SAYS}",
    ),
    "firewall": Bad(
        _one("Microsoft.Network/azureFirewalls", properties={"sku": {"name": UNKNOWN, "tier": "Premium"}}),
        says=f"properties.sku.tier is 'Premium'; {_SAYS}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "tier decided later": _one(_SEARCH, sku={"name": UNKNOWN}),
    "environment decided later": _one(_SEARCH, UNKNOWN, sku={"name": "standard3"}),
}
