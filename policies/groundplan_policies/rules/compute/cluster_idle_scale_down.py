# SPDX-License-Identifier: Apache-2.0
"""A node of a compute cluster without a job stops soon."""

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
from groundplan_policies.subjects.durations import seconds

IDLE = "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown"


def check(compute: Resource, given: Mapping[str, Any]) -> Found:
    """Clusters that say how long."""
    if not is_cluster(compute) or not (idle := compute.text(IDLE)):
        return
    length = seconds(idle)
    if length is None or length > given["minutes"] * 60:
        yield compute.wrong(IDLE, f"a duration of at most PT{given['minutes']}M is needed")


RULE = Rule(
    id="GP-COST-003",
    slug="cluster-idle-scale-down",
    title="A node of a compute cluster stops soon after its last job",
    severity="medium",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-cluster-idle-scale-down",),
    rationale="A node that idles for an hour after a job of ten minutes costs seven times the job.",
    remediation="Lower `idle_minutes` of `ComputeCluster`, or raise `minutes` where new nodes take too long.",
    absent="Passes: two minutes are what Azure's own tools take. Other computes are not looked at.",
    parameters=(
        Parameter(
            name="minutes",
            default=15,
            description="The most minutes that a node may wait for another job.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _cluster(idle: object, kind: str = "AmlCompute") -> dict[str, object]:
    settings = {"nodeIdleTimeBeforeScaleDown": idle}
    return {"properties": {"computeType": kind, "properties": {"scaleSettings": settings}}}


GOOD: GoodCases = {
    "at the ceiling": _cluster("PT15M"),
    "in seconds": _cluster("PT900S"),
    "in seconds and more": _cluster("pt14m59.5s"),
    "not said": _cluster(None),
    "agreed": Good(_cluster("PT1H"), given={"minutes": 60}),
    "days were agreed": Good(_cluster("P1W1DT1H1M"), given={"minutes": 11581}),
    "not a cluster": _cluster("PT1H", "SynapseSpark"),
}
BAD: BadCases = {
    "an hour": Bad(
        _cluster("PT1H"),
        says=(
            "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown is 'PT1H'; "
            "a duration of at most PT15M is needed"
        ),
    ),
    "a second above": Bad(_cluster("PT15M1S"), says="is 'PT15M1S'; a duration of at most PT15M is needed"),
    "days": Bad(_cluster("P1W1DT1H1M1S"), says="a duration of at most PT11581M is needed", given={"minutes": 11581}),
    "no duration": Bad(_cluster("900"), says="is '900'; a duration of at most PT15M is needed"),
    "an empty one": Bad(_cluster("P"), says="is 'P'; a duration of at most PT15M is needed"),
    "one without a time": Bad(_cluster("PT"), says="is 'PT'; a duration of at most PT15M is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
