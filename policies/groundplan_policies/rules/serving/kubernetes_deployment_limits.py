# SPDX-License-Identifier: Apache-2.0
"""A deployment on Kubernetes that says what its containers get also says what they may take at most.

One that says nothing has the limits of its instance type, which are the compute's affair.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT

SIZES = "properties.containerResourceRequirements"
LIMITS = (f"{SIZES}.containerResourceLimits.cpu", f"{SIZES}.containerResourceLimits.memory")


def check(deployment: Resource) -> Found:
    """CPU and memory; GPUs can not be shared anyway."""
    if deployment.has(SIZES):
        yield from each_of((deployment.view(limit) for limit in LIMITS), _look)


def _look(limit: View) -> Found:
    if not limit.has(""):
        yield limit.wrong("", "a limit is needed")


RULE = Rule(
    id="GP-SRV-019",
    slug="kubernetes-deployment-limits",
    title="Containers of a Kubernetes deployment have limits of CPU and memory",
    severity="medium",
    types=(ONLINE_DEPLOYMENT,),
    controls=("srv-kubernetes-limits",),
    rationale="A container without a limit takes what its neighbours on the node need, and Kubernetes kills one of them, not it.",
    remediation="Pass `limit=ContainerSize(...)` to `KubernetesDeployment` wherever `requested` is given.",
    absent="Passes where nothing is said of sizes: the instance type has limits. A violation where only a part is said.",
    check=check,
)


def _deployment(**sizes: object) -> dict[str, object]:
    return {"properties": {"endpointComputeType": "Kubernetes", "containerResourceRequirements": sizes}}


GOOD: GoodCases = {
    "both": _deployment(containerResourceLimits={"cpu": "1", "memory": "2Gi"}),
    "those of the instance type": _deployment(),
    "managed": {"properties": {"endpointComputeType": "Managed"}},
}
BAD: BadCases = {
    "no memory, whatever the CPU is": Bad(
        _deployment(containerResourceLimits={"cpu": UNKNOWN}),
        says="properties.containerResourceRequirements.containerResourceLimits.memory is absent; a limit is needed",
    ),
    "no limits": Bad(
        _deployment(containerResourceRequests={"cpu": "1", "memory": "2Gi"}),
        says="properties.containerResourceRequirements.containerResourceLimits.cpu is absent; a limit is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "a limit": _deployment(containerResourceLimits={"cpu": UNKNOWN, "memory": "2Gi"}),
    "all of it": {"properties": {"containerResourceRequirements": UNKNOWN}},
}
