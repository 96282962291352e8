# SPDX-License-Identifier: Apache-2.0
"""A registry copies its assets to agreed regions only.

Its own location is that of any resource; the regions in its body are where the data really goes.
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
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.ml_registries import REGISTRY, regions


def check(registry: Resource, given: Mapping[str, Any]) -> Found:
    """Names are compared as Azure writes them: `West Europe` is `westeurope`."""
    agreed = {_name(each) for each in given["regions"]}
    if not agreed:
        return

    def of_region(region: View) -> Found:
        if _name(region.text("location")) not in agreed:
            yield region.wrong("location", f"one of {', '.join(given['regions'])} is needed")

    yield from each_of(regions(registry), of_region)


def _name(region: str) -> str:
    return region.replace(" ", "").casefold()


RULE = Rule(
    id="GP-MLR-010",
    slug="ml-registry-regions",
    title="A registry of machine learning assets copies them to agreed regions only",
    severity="medium",
    types=(REGISTRY,),
    controls=("aml-registry-regions",),
    rationale="Models can hold what they were trained on. Each region of a registry gets a copy, also one on another continent.",
    remediation="Take the region out of `regions` of `MachineLearningRegistry`, or add it to those that are agreed.",
    absent="A violation for a region without a name, once regions are agreed; a registry without regions passes.",
    parameters=(
        Parameter(
            name="regions",
            default=[],
            description="Regions that assets may be in; every region where the list is empty.",
            schema={"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        ),
    ),
    check=check,
)


def _registry(*names: object) -> dict[str, object]:
    return {"properties": {"regionDetails": [{"location": each} for each in names]}}


_AGREED = {"regions": ["West Europe", "northeurope"]}
_NEEDED = "one of West Europe, northeurope is needed"
GOOD: GoodCases = {
    "all are allowed": _registry("eastus"),
    "agreed": Good(_registry("westeurope", "North Europe"), given=_AGREED),
    "no regions": Good({"properties": {}}, given=_AGREED),
}
BAD: BadCases = {
    "another region": Bad(
        _registry("westeurope", "eastus"),
        says=f"properties.regionDetails[1].location is 'eastus'; {_NEEDED}",
        given=_AGREED,
    ),
    "no name": Bad(_registry(None), says=f"properties.regionDetails[0].location is absent; {_NEEDED}", given=_AGREED),
    "beside one that is not known": Bad(_registry(UNKNOWN, "eastus"), says="is 'eastus'", given=_AGREED),
}
UNKNOWN_CASES: UnknownCases = {"decided later": Good(_registry(UNKNOWN), given=_AGREED)}
