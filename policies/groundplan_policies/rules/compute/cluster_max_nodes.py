# SPDX-License-Identifier: Apache-2.0
"""A compute cluster does not grow beyond a ceiling."""

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

NODES = "properties.properties.scaleSettings.maxNodeCount"


def check(compute: Resource, given: Mapping[str, Any]) -> Found:
    """Clusters only: other computes have no nodes of their own."""
    if not is_cluster(compute):
        return
    nodes = compute.number(NODES)
    if nodes is None or nodes > given["maximum"]:
        yield compute.wrong(NODES, f"at most {given['maximum']} nodes are allowed")


RULE = Rule(
    id="GP-COST-001",
    slug="cluster-max-nodes",
    title="A compute cluster grows to no more nodes than agreed",
    severity="medium",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-cluster-max-nodes",),
    rationale="One sweep with a wrong limit can start every node that the quota has, and each is paid for by the minute.",
    remediation="Lower `max_nodes` of `ComputeCluster`, or raise `maximum` in the configuration of the pack once the cost is agreed.",
    absent="A violation for clusters: nobody set a limit. Other computes are not looked at.",
    parameters=(
        Parameter(
            name="maximum",
            default=10,
            description="The most nodes that one cluster may have.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)

_TWELVE = {"properties": {"computeType": "AmlCompute", "properties": {"scaleSettings": {"maxNodeCount": 12}}}}

GOOD: GoodCases = {
    "at the ceiling": {
        "properties": {"computeType": "AmlCompute", "properties": {"scaleSettings": {"maxNodeCount": 10}}}
    },
    "more were agreed": Good(_TWELVE, given={"maximum": 12}),
    "an instance has no nodes": {"properties": {"computeType": "ComputeInstance"}},
}
BAD: BadCases = {
    "above the ceiling": Bad(_TWELVE, says="maxNodeCount is 12; at most 10 nodes are allowed"),
    "no limit": Bad({"properties": {"computeType": "AmlCompute"}}, says="maxNodeCount is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {
        "properties": {"computeType": "AmlCompute", "properties": {"scaleSettings": {"maxNodeCount": UNKNOWN}}}
    }
}
