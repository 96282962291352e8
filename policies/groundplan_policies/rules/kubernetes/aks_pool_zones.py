# SPDX-License-Identifier: Apache-2.0
"""Nodes of a Kubernetes cluster are spread over availability zones."""

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
from groundplan_policies.subjects.kubernetes import CLUSTER, POOL, pools_of


def check(owner: Resource, given: Mapping[str, Any]) -> Found:
    """Every pool by itself."""
    yield from each_of(pools_of(owner), lambda pool: _look(pool, given["minimum"]))


def _look(pool: View, minimum: int) -> Found:
    """Spot nodes may go at any time, wherever they are."""
    if len(pool.items("availabilityZones")) < minimum and not pool.equals("scaleSetPriority", "Spot"):
        yield pool.wrong("availabilityZones", f"at least {minimum} zones are needed")


RULE = Rule(
    id="GP-AKS-028",
    slug="aks-pool-zones",
    title="Nodes of a Kubernetes cluster are spread over availability zones",
    severity="low",
    types=(CLUSTER, POOL),
    controls=("aks-pool-zones",),
    rationale=(
        "Without zones all nodes may stand in one data centre, and every endpoint goes down with it. Zones cannot change later. Pools "
        "whose machines exist in one zone only, as many with GPUs do, are to be exempted."
    ),
    remediation="Give `zones` of `NodePool` two or three zones, in regions that have them.",
    absent="A violation: Azure spreads nodes over zones only when asked to.",
    parameters=(
        Parameter(
            name="minimum",
            default=2,
            description="The fewest zones that a pool may have.",
            schema={"type": "integer", "minimum": 1, "maximum": 3},
        ),
    ),
    check=check,
)


def _pool(*zones: str, **more: object) -> dict[str, object]:
    return {"availabilityZones": [*zones], **more}


def _cluster(*pools: object) -> dict[str, object]:
    return {"properties": {"agentPoolProfiles": [*pools]}}


GOOD: GoodCases = {
    "two": _cluster(_pool("1", "2")),
    "spot": _cluster(_pool(scaleSetPriority="Spot")),
    "one is enough": Good(_cluster(_pool("3")), given={"minimum": 1}),
    "pool of its own": {"type": POOL, "properties": _pool("1", "2", "3")},
}
BAD: BadCases = {
    "one in the second pool": Bad(
        _cluster(_pool("1", "2"), _pool("1", scaleSetPriority="Regular")),
        says="properties.agentPoolProfiles[1].availabilityZones is ['1']; at least 2 zones are needed",
    ),
    "pool of its own": Bad(
        {"type": POOL, "properties": {}}, says="properties.availabilityZones is absent; at least 2 zones are needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster({"availabilityZones": UNKNOWN}),
    "spot or not": _cluster(_pool(scaleSetPriority=UNKNOWN)),
}
