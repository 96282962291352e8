# SPDX-License-Identifier: Apache-2.0
"""A model runs no farther away than the data may go."""

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

SKU = "sku.name"


def check(deployment: Resource, given: Mapping[str, Any]) -> Found:
    """The deployment type tells where requests are worked on; `Developer` promises no place."""
    place = _place(deployment.text(SKU).casefold())
    if place not in given["places"]:
        yield deployment.wrong(SKU, f"a deployment type of {' or '.join(given['places'])} is needed")


def _place(sku: str) -> str:
    if sku.startswith(("global", "developer")):
        return "global"
    return "dataZone" if sku.startswith("datazone") else "region"


RULE = Rule(
    id="GP-AI-010",
    slug="ai-model-residency",
    title="A model runs no farther away than the data may go",
    severity="medium",
    types=("Microsoft.CognitiveServices/accounts/deployments",),
    controls=("cog-model-residency",),
    rationale=(
        "What is stored stays in the account's region; prompts and answers are worked on wherever a global deployment has room, "
        "on any continent. For personal or regulated data that is a transfer."
    ),
    remediation="Choose a `sku` of `ModelDeployment` without `Global`, or add `global` to `places` where the data may go anywhere.",
    absent="Passes as `Standard`, which stays in the region.",
    parameters=(
        Parameter(
            name="places",
            default=["region", "dataZone"],
            description="Where requests may be worked on: the account's region, its data zone (EU or US), or anywhere.",
            schema={"type": "array", "items": {"enum": ["region", "dataZone", "global"]}, "minItems": 1},
        ),
    ),
    check=check,
)


def _deployment(sku: object) -> dict[str, object]:
    return {"sku": {"name": sku, "capacity": 10}}


GOOD: GoodCases = {
    "region": _deployment("Standard"),
    "reserved": _deployment("ProvisionedManaged"),
    "data zone": _deployment("DataZoneStandard"),
    "region and nowhere else": Good(_deployment("Standard"), given={"places": ["region"]}),
    "not said": {"properties": {}},
    "anywhere": Good(_deployment("GlobalStandard"), given={"places": ["region", "dataZone", "global"]}),
}
BAD: BadCases = {
    "global": Bad(
        _deployment("globalStandard"),
        says="sku.name is 'globalStandard'; a deployment type of region or dataZone is needed",
    ),
    "no place is promised": Bad(_deployment("DeveloperTier"), says="sku.name is 'DeveloperTier'"),
    "out of the region": Bad(
        _deployment("DataZoneBatch"),
        says="sku.name is 'DataZoneBatch'; a deployment type of region is needed",
        given={"places": ["region"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _deployment(UNKNOWN)}
