# SPDX-License-Identifier: Apache-2.0
"""A resource is in the region of its resource group."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.locations import plain
from groundplan_policies.subjects.scopes import group_of


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Groups of the stack only: of others nobody here knows the region."""
    group = group_of(found, stack)
    if group is None or found.is_a(*given["types"]) or group.key in found.sources_of("location"):
        return
    place = plain(found.text("location"))
    if place in ("", "global"):
        return
    home = plain(group.text("location"))
    if home and place != home:
        yield found.wrong("location", f"{group.text('location')!r}, the region of its resource group, is needed")


RULE = Rule(
    id="GP-GOV-005",
    slug="same-location",
    title="A resource is in the region of its resource group",
    severity="low",
    types=("*",),
    controls=("gov-same-location",),
    rationale=(
        "When the region of a group is down, nothing in it can be changed, wherever it runs. What lies in two regions needs both to be "
        "looked after."
    ),
    remediation="Leave `location` of the component out: it is then in the group's region.",
    absent="Passes: the resource is where its group is.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="types",
            default=[
                "Microsoft.ContainerRegistry/registries/replications",
                "Microsoft.Insights/actionGroups",
                "Microsoft.Network/networkWatchers/flowLogs",
                "Microsoft.Network/privateEndpoints",
                "Microsoft.Web/staticSites",
            ],
            description="ARM types that may lie elsewhere: copies, what follows a network, and what some regions have only.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)

_RG = {"type": "Microsoft.Resources/resourceGroups", "name": "rg-example", "location": "West Europe"}
_NEW_RG = {**_RG, "new": True}


def _vault(location: object = None, **more: object) -> dict[str, object]:
    return {"type": "Microsoft.KeyVault/vaults", "name": "kv", "location": location, **more}


GOOD: GoodCases = {
    "same region": [_vault("westeurope"), _RG],
    "new, same region": [_vault("westeurope", new=True, group=Later("rg-example")), _NEW_RG],
    "passed on": [_vault(Later("rg-example")), {**_RG, "location": UNKNOWN}],
    "not said": [_vault(), {**_RG, "location": UNKNOWN}],
    "nowhere": [_vault("Global"), {**_RG, "location": UNKNOWN}],
    "of another group": [_vault("eastus"), {**_RG, "name": "rg-other"}],
    "of another new group": [_vault("eastus", new=True), _NEW_RG],
    "group of nowhere": [_vault("eastus"), {**_RG, "location": None}],
    "the group itself": _RG,
    **{
        each: [{"type": each, "location": "eastus"}, _RG]
        for each in (
            "Microsoft.ContainerRegistry/registries/replications",
            "Microsoft.Insights/actionGroups",
            "Microsoft.Network/networkWatchers/flowLogs",
            "Microsoft.Network/privateEndpoints",
            "Microsoft.Web/staticSites",
        )
    },
}
BAD: BadCases = {
    "elsewhere": Bad(
        [_vault("eastus"), _RG], says="location is 'eastus'; 'West Europe', the region of its resource group, is needed"
    ),
    "new and elsewhere": Bad(
        [_vault("East US", new=True, group=Later("rg-example")), _NEW_RG], says="location is 'East US'; 'West Europe'"
    ),
    "a type that is to be near": Bad(
        [{"type": "Microsoft.Web/staticSites", "location": "eastus"}, _RG],
        says="location is 'eastus'",
        given={"types": []},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [_vault(UNKNOWN), _RG],
    "group's region decided later": [_vault("eastus"), {**_RG, "location": UNKNOWN}],
}
