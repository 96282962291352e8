# SPDX-License-Identifier: Apache-2.0
"""User pools of a Kubernetes cluster grow and shrink with their work."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.kubernetes import CLUSTER, POOL, mode_of, pools_of


def check(owner: Resource) -> Found:
    """Every pool by itself."""
    yield from each_of(pools_of(owner), _look)


def _look(pool: View) -> Found:
    """System pools hold what never goes away, gateway pools have addresses to keep."""
    if not pool.equals("enableAutoScaling", True) and mode_of(pool) == "user":
        yield pool.wrong("enableAutoScaling", "true is needed for a user pool")


RULE = Rule(
    id="GP-AKS-027",
    slug="aks-pool-autoscaler",
    title="User pools of a Kubernetes cluster grow and shrink with their work",
    severity="low",
    types=(CLUSTER, POOL),
    controls=("aks-pool-autoscaler",),
    rationale="A fixed number of nodes is too small for the next sweep and paid for every night: with GPUs the dearest line of the bill.",
    remediation="Use `NodePool`, which always scales; elsewhere set `enableAutoScaling` of the pool with `minCount` and `maxCount`.",
    absent="A violation for user pools, which a pool is that says nothing: Azure keeps the number of nodes as it is.",
    check=check,
)


def _cluster(*pools: object) -> dict[str, object]:
    return {"properties": {"agentPoolProfiles": [*pools]}}


GOOD: GoodCases = {
    "scales": _cluster({"mode": "User", "enableAutoScaling": True}),
    "system pool": _cluster({"mode": "System", "enableAutoScaling": False}),
    "gateway pool": {"type": POOL, "properties": {"mode": "Gateway"}},
    "no pools here": {"properties": {}},
}
BAD: BadCases = {
    "second pool": Bad(
        _cluster({"mode": "System"}, {"mode": "User", "enableAutoScaling": False}),
        says="properties.agentPoolProfiles[1].enableAutoScaling is false; true is needed for a user pool",
    ),
    "pool of its own": Bad(
        {"type": POOL, "properties": {"vmSize": "Standard_NC24ads_A100_v4"}},
        says="properties.enableAutoScaling is absent; true is needed for a user pool",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster({"mode": "User", "enableAutoScaling": UNKNOWN}),
    "mode decided later": _cluster({"mode": UNKNOWN}),
}
