# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster is free of retired add-ons."""

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
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.kubernetes import CLUSTER


def check(cluster: Resource, given: Mapping[str, Any]) -> Found:
    """An add-on that is listed and switched off is none."""
    addons = [cluster.view(f"properties.addonProfiles.{name}") for name in given["addons"]]
    yield from each_of(
        addons, lambda addon: [addon.wrong("enabled", "false is needed")] if addon.equals("enabled", True) else []
    )


RULE = Rule(
    id="GP-AKS-032",
    slug="aks-retired-addons",
    title="A Kubernetes cluster is free of retired add-ons",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-retired-addons",),
    rationale=(
        "HTTP application routing opens a public ingress with a DNS zone of its own, the dashboard has been a way to take clusters "
        "over, and none of these gets patches any more."
    ),
    remediation="Take the add-on out of `properties.addonProfiles`, or set its `enabled` to false; `AksCluster` has none of them.",
    absent="Passes: Azure installs no add-on unless asked to.",
    parameters=(
        Parameter(
            name="addons",
            default=["httpApplicationRouting", "kubeDashboard", "openServiceMesh"],
            description="The add-ons that no cluster may have, as Azure calls them in `addonProfiles`.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _cluster(**addons: object) -> dict[str, object]:
    return {"properties": {"addonProfiles": {name: {"enabled": enabled} for name, enabled in addons.items()}}}


GOOD: GoodCases = {
    "switched off": _cluster(httpApplicationRouting=False, kubeDashboard=False),
    "others": _cluster(azurepolicy=True),
    "nothing said": {"properties": {}},
    "was agreed": Good(_cluster(openServiceMesh=True), given={"addons": ["kubeDashboard"]}),
}
BAD: BadCases = {
    "routing": Bad(
        _cluster(httpApplicationRouting=True),
        says="properties.addonProfiles.httpApplicationRouting.enabled is true; false is needed",
    ),
    "dashboard": Bad(_cluster(kubeDashboard=True), says="properties.addonProfiles.kubeDashboard.enabled is true"),
    "mesh": Bad(_cluster(openServiceMesh=True), says="properties.addonProfiles.openServiceMesh.enabled is true"),
    "beside one that is decided later": Bad(
        _cluster(httpApplicationRouting=UNKNOWN, kubeDashboard=True), says="kubeDashboard.enabled is true"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(kubeDashboard=UNKNOWN)}
