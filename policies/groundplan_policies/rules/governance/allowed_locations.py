# SPDX-License-Identifier: Apache-2.0
"""Everything is in regions that are agreed."""

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
    View,
    leaves,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.locations import plain

PLACES = ("location", "properties.regionDetails[].location", "properties.locations[].locationName")


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Also where a registry or a database puts copies. `global` is no region; names are as `westeurope` or as `West Europe`."""
    allowed = {plain(each) for each in given["locations"]}

    def look(place: View) -> Found:
        if plain(place.text()) not in {"", "global", *allowed}:
            yield place.wrong("", f"one of {', '.join(given['locations'])} is needed")

    if allowed:
        yield from each_of((part for path in PLACES for part in leaves(found, path)), look)


RULE = Rule(
    id="GP-GOV-001",
    slug="allowed-locations",
    title="Everything is in regions that are agreed",
    severity="high",
    types=("*",),
    controls=("gov-locations",),
    rationale="Where data lies is a matter of contracts and law, and moving it later means making everything anew.",
    remediation="Set `location` of the component or stack to one of `locations`, or have the region agreed and added.",
    absent="Passes: the resource is where its group or its parent is, which is looked at itself.",
    parameters=(
        Parameter(
            name="locations",
            default=[],
            description="Regions, such as `westeurope`; an empty list takes all.",
            schema={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
    ),
    check=check,
)

_EUROPE = {"locations": ["westeurope", "North Europe"]}
_REGISTRY = "Microsoft.MachineLearningServices/registries"


def _registry(*locations: object) -> dict[str, object]:
    return {
        "type": _REGISTRY,
        "location": "westeurope",
        "properties": {"regionDetails": [{"location": each} for each in locations]},
    }


GOOD: GoodCases = {
    "no list": {"location": "eastus"},
    "no list, decided later": {"location": UNKNOWN},
    "agreed": Good({"location": "westeurope"}, given=_EUROPE),
    "agreed, in words": Good({"location": "West Europe"}, given=_EUROPE),
    "agreed, in words of the list": Good({"location": "northeurope"}, given=_EUROPE),
    "nowhere": Good({"location": "global"}, given=_EUROPE),
    "where its parent is": Good({"properties": {}}, given=_EUROPE),
    "copies": Good(_registry("westeurope", "northeurope"), given=_EUROPE),
    "other things called locations": Good({"properties": {"locations": [{"id": "emea-nl-ams-azr"}]}}, given=_EUROPE),
}
BAD: BadCases = {
    "elsewhere": Bad(
        {"location": "East US"}, says="location is 'East US'; one of westeurope, North Europe is needed", given=_EUROPE
    ),
    "copies elsewhere": Bad(
        _registry("westeurope", "eastus"),
        says="properties.regionDetails[1].location is 'eastus'; one of westeurope, North Europe is needed",
        given=_EUROPE,
    ),
    "database elsewhere": Bad(
        {
            "type": "Microsoft.DocumentDB/databaseAccounts",
            "location": UNKNOWN,
            "properties": {"locations": [{"locationName": "East US"}]},
        },
        says="properties.locations[0].locationName is 'East US'; one of",
        given=_EUROPE,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": Good({"location": UNKNOWN}, given=_EUROPE),
    "copies decided later": Good({"properties": {"regionDetails": UNKNOWN}}, given=_EUROPE),
}
