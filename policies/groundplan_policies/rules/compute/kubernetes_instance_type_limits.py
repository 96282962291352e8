# SPDX-License-Identifier: Apache-2.0
"""What a workload of a Kubernetes compute can take is limited."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

TYPES = "properties.properties.instanceTypes"
LIMITS = ("resources.limits.cpu", "resources.limits.memory")


def check(compute: Resource) -> Found:
    """Every instance type by itself; no other compute has any."""
    types = [kind for _, kind in compute.entries(TYPES)]
    yield from each_of(types, _look)


def _look(kind: View) -> Found:
    for limit in LIMITS:
        if not kind.has(limit):
            yield kind.wrong(limit, "a limit is needed")


RULE = Rule(
    id="GP-CMP-010",
    slug="kubernetes-instance-type-limits",
    title="Every instance type of a Kubernetes compute limits CPU and memory",
    severity="medium",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("cmp-kubernetes-limits",),
    rationale="One job without a limit takes the memory of a node, and the models that serve on it are evicted.",
    remediation="Give every `InstanceType` of `KubernetesCompute` its `cpu` and `memory`.",
    absent="A violation for a type without limits. A compute without types passes: Azure's own default type has limits.",
    check=check,
)


def _compute(**types: object) -> dict[str, object]:
    return {"properties": {"computeType": "Kubernetes", "properties": {"instanceTypes": types}}}


_BOTH = {"resources": {"limits": {"cpu": "2", "memory": "8Gi"}}}

GOOD: GoodCases = {
    "both limits": _compute(small=_BOTH),
    "no types": {"properties": {"computeType": "Kubernetes", "properties": {}}},
    "a cluster": {"properties": {"computeType": "AmlCompute", "properties": {}}},
}
BAD: BadCases = {
    "no memory": Bad(
        _compute(small=_BOTH, large={"resources": {"limits": {"cpu": "2"}}}),
        says="properties.properties.instanceTypes.large.resources.limits.memory is absent; a limit is needed",
    ),
    "no CPU, whatever the other has": Bad(
        _compute(small=UNKNOWN, large={"resources": {"limits": {"memory": "8Gi"}}}),
        says="properties.properties.instanceTypes.large.resources.limits.cpu is absent; a limit is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "a limit made later": _compute(small={"resources": {"limits": {"cpu": UNKNOWN, "memory": "1Gi"}}}),
    "types made later": {"properties": {"computeType": "Kubernetes", "properties": {"instanceTypes": UNKNOWN}}},
}
