# SPDX-License-Identifier: Apache-2.0
"""Node pools take machines of agreed families."""

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
from groundplan_policies.subjects.agent_pools import CLUSTER, POOL, pools_of
from groundplan_policies.subjects.machine_sizes import fits


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Pools in the cluster's body and pools by themselves."""
    sizes: list[str] = given["sizes"]

    def look(pool: View) -> Found:
        size = pool.text("vmSize")
        if size and not fits(size, sizes):
            yield pool.wrong("vmSize", f"one of {', '.join(sizes)} is needed")

    yield from each_of(pools_of(found), look)


RULE = Rule(
    id="GP-COST-024",
    slug="aks-machine-sizes",
    title="Node pools take machines of agreed families",
    severity="low",
    types=(CLUSTER, POOL),
    controls=("cost-aks-machine-sizes",),
    rationale=(
        "One letter in a size can multiply its price: machines with terabytes of memory or with network for supercomputers do not serve "
        "models any faster."
    ),
    remediation="Choose another `vm_size` of `NodePool`, or add the family to `sizes` of this rule.",
    absent="Passes: a pool that brings no size of its own takes one that Azure chooses among common ones.",
    parameters=(
        Parameter(
            name="sizes",
            default=[
                "Standard_A*_v2",
                "Standard_B*",
                "Standard_D*",
                "Standard_E*",
                "Standard_F*",
                "Standard_NC*",
                "Standard_ND*",
                "Standard_NV*",
            ],
            description="Sizes, with `*` for any text; letter case is ignored.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _cluster(*sizes: object) -> dict[str, object]:
    return {"properties": {"agentPoolProfiles": [{"vmSize": size} for size in sizes]}}


def _pool(size: object) -> dict[str, object]:
    return {
        "type": "Microsoft.ContainerService/managedClusters/agentPools",
        "name": "aks/np",
        "properties": {"vmSize": size},
    }


GOOD: GoodCases = {
    "common families": _cluster(
        "Standard_A4_v2", "Standard_B4ms", "Standard_D4ds_v5", "Standard_E8s_v5", "Standard_F8s_v2"
    ),
    "graphics": _cluster("Standard_NC24ads_A100_v4", "Standard_ND96asr_v4", "Standard_NV36ads_A10_v5"),
    "letter case": _pool("standard_d4ds_v5"),
    "no size": _cluster(None),
    "one that is agreed": Good(_pool("Standard_M64s"), given={"sizes": ["Standard_M64*"]}),
}
BAD: BadCases = {
    "memory": Bad(
        _cluster("Standard_D4ds_v5", "Standard_M64s"),
        says=(
            "properties.agentPoolProfiles[1].vmSize is 'Standard_M64s'; one of Standard_A*_v2, Standard_B*, Standard_D*, Standard_E*, "
            "Standard_F*, Standard_NC*, Standard_ND*, Standard_NV* is needed"
        ),
    ),
    "by itself": Bad(_pool("Standard_HB120rs_v3"), says="properties.vmSize is 'Standard_HB120rs_v3'; one of"),
    "beside one that is decided later": Bad(
        _cluster(UNKNOWN, "Standard_G5"), says="properties.agentPoolProfiles[1].vmSize is 'Standard_G5'"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "by itself, decided later": _pool(UNKNOWN),
    "pools decided later": {"properties": {"agentPoolProfiles": UNKNOWN}},
}
