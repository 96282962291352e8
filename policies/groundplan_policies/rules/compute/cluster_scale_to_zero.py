# SPDX-License-Identifier: Apache-2.0
"""A compute cluster without jobs has no nodes."""

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
from groundplan_policies.subjects.computes import is_cluster

NODES = "properties.properties.scaleSettings.minNodeCount"


def check(compute: Resource, given: Mapping[str, Any]) -> Found:
    """Clusters only."""
    if is_cluster(compute) and (compute.number(NODES) or 0) > given["maximum"]:
        yield compute.wrong(NODES, f"at most {given['maximum']} nodes may run all the time")


RULE = Rule(
    id="GP-COST-002",
    slug="cluster-scale-to-zero",
    title="A compute cluster without jobs has no nodes",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-cluster-scale-to-zero",),
    rationale="Nodes that wait for jobs are paid for at night and on weekends too; most clusters wait most of the time.",
    remediation="Leave `min_nodes` of `ComputeCluster` at 0, or raise `maximum` where jobs can not wait for a node.",
    absent="Passes: Azure takes 0. Other computes are not looked at.",
    parameters=(
        Parameter(
            name="maximum",
            default=0,
            description="Nodes that a cluster may keep without a job.",
            schema={"type": "integer", "minimum": 0},
        ),
    ),
    check=check,
)


def _cluster(nodes: object, kind: str = "AmlCompute") -> dict[str, object]:
    return {"properties": {"computeType": kind, "properties": {"scaleSettings": {"minNodeCount": nodes}}}}


GOOD: GoodCases = {
    "none": _cluster(0),
    "not said": _cluster(None),
    "agreed": Good(_cluster(2), given={"maximum": 2}),
    "not a cluster": _cluster(1, "SynapseSpark"),
}
BAD: BadCases = {
    "one": Bad(
        _cluster(1),
        says="properties.properties.scaleSettings.minNodeCount is 1; at most 0 nodes may run all the time",
    ),
    "more than agreed": Bad(
        _cluster(3), says="minNodeCount is 3; at most 2 nodes may run all the time", given={"maximum": 2}
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
