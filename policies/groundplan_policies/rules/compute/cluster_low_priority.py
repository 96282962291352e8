# SPDX-License-Identifier: Apache-2.0
"""A compute cluster outside production takes cheaper nodes."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.computes import is_cluster
from groundplan_policies.subjects.environments import PARAMETERS, is_elsewhere
from groundplan_policies.subjects.workspaces import WORKSPACE

PRIORITY = "properties.properties.vmPriority"


def check(compute: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Clusters with the tag of an environment that is not production."""
    if not is_cluster(compute) or compute.equals(PRIORITY, "LowPriority"):
        return
    if is_elsewhere(compute, stack, given):
        yield compute.wrong(PRIORITY, "'LowPriority' is needed outside production")


RULE = Rule(
    id="GP-COST-007",
    slug="cluster-low-priority",
    title="A compute cluster outside production takes low-priority nodes",
    severity="low",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-compute-low-priority",),
    rationale="Low-priority nodes cost as little as a fifth; an experiment can live with losing one in the middle of a job.",
    remediation="Set `low_priority` of `ComputeCluster`; exempt a cluster whose jobs can not start again.",
    absent="A violation where a tag names an environment that is not production: Azure takes dedicated nodes. Passes without the tag.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _cluster(priority: object, environment: object = None, kind: str = "AmlCompute") -> dict[str, object]:
    return {
        "name": "mlw/cpu",
        "tags": {"environment": environment},
        "properties": {"computeType": kind, "properties": {"vmPriority": priority}},
    }


def _workspace(**more: object) -> dict[str, object]:
    return {"type": WORKSPACE, "name": "mlw", "tags": {"Environment": "dev"}} | more


GOOD: GoodCases = {
    "low priority": _cluster("LowPriority", "dev"),
    "in production": _cluster("Dedicated", "PROD"),
    "nobody says where": _cluster("Dedicated"),
    "production has another name": Good(_cluster("Dedicated", "live"), given={"production": ["live"]}),
    "of another tag": Good(_cluster("Dedicated", "dev"), given={"environmentTag": "stage"}),
    "an instance": _cluster(None, "dev", "ComputeInstance"),
}
BAD: BadCases = {
    "dedicated": Bad(
        _cluster("Dedicated", "dev"),
        says="properties.properties.vmPriority is 'Dedicated'; 'LowPriority' is needed outside production",
    ),
    "not said, of a workspace for tests": Bad(
        [_cluster(None), _workspace()], says="properties.properties.vmPriority is absent"
    ),
    "all new": Bad(
        [_cluster(None) | {"parent": Later("mlw")}, _workspace(new=True)],
        says="properties.properties.vmPriority is absent",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the priority": _cluster(UNKNOWN, "dev"),
    "where": _cluster("Dedicated", UNKNOWN),
}
