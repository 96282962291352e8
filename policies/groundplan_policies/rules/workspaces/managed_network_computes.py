# SPDX-License-Identifier: Apache-2.0
"""A managed network has no computes that it can not hold."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.workspaces import COMPUTE, WORKSPACE, has_managed_network

TYPE, SUBNET = "properties.computeType", "properties.properties.subnet.id"


def check(compute: Resource, stack: Stack) -> Found:
    """What is wrong with the compute comes first: most are fine in any network."""
    attached = compute.equals(TYPE, "AKS", "Kubernetes", "VirtualMachine")
    if not attached and not compute.given(SUBNET):
        return
    workspace = stack.parent(compute)
    if workspace is None or not has_managed_network(workspace):
        return
    if attached:
        yield compute.wrong(TYPE, "a workspace with a managed network takes clusters and instances of its own only")
    else:
        yield compute.wrong(SUBNET, "no subnet is needed: computes join the managed network of their workspace")


RULE = Rule(
    id="GP-AML-016",
    slug="managed-network-computes",
    title="A workspace with a managed network has no compute in a subnet and none that is attached",
    severity="medium",
    types=(COMPUTE,),
    controls=("aml-ws-managed-network-computes",),
    rationale=(
        "Azure puts computes into the managed network by itself and refuses those that lie in a network of somebody else's: a "
        "subnet, a Kubernetes cluster or a virtual machine fails during the update."
    ),
    remediation="Leave `subnet_id` of the compute out, or give the workspace no `managed_network`.",
    absent="Passes: no subnet, or a workspace that is not in the stack or has no managed network.",
    needs_stack=True,
    check=check,
)


def _compute(kind: object, subnet: object = None, **more: object) -> dict[str, object]:
    inner = {} if subnet is None else {"subnet": {"id": subnet}}
    return {"name": "mlw/c", "properties": {"computeType": kind, "properties": inner}, **more}


def _workspace(mode: object = "AllowOnlyApprovedOutbound", **more: object) -> dict[str, object]:
    return {"type": WORKSPACE, "name": "mlw", "properties": {"managedNetwork": {"isolationMode": mode}}, **more}


_ATTACHED = "a workspace with a managed network takes clusters and instances of its own only"
GOOD: GoodCases = {
    "a cluster": [_compute("AmlCompute"), _workspace(UNKNOWN)],
    "a subnet without a managed network": [_compute("AmlCompute", "s"), _workspace("Disabled")],
    "attached without a managed network": [_compute("Kubernetes"), _workspace(None)],
    "the workspace is elsewhere": _compute("Kubernetes"),
}
BAD: BadCases = {
    "a cluster in a subnet": Bad(
        [_compute("AmlCompute", UNKNOWN), _workspace()],
        says=f"{SUBNET} is [unknown]; no subnet is needed: computes join the managed network of their workspace",
    ),
    "Kubernetes, and both are new": Bad(
        [_compute("Kubernetes", parent=Later("mlw")), _workspace("AllowInternetOutbound", new=True)],
        says=f"{TYPE} is 'Kubernetes'; {_ATTACHED}",
    ),
    "the older kind of Kubernetes": Bad([_compute("AKS"), _workspace()], says=f"{TYPE} is 'AKS'; {_ATTACHED}"),
    "a virtual machine": Bad(
        [_compute("virtualmachine", "s"), _workspace()], says=f"{TYPE} is 'virtualmachine'; {_ATTACHED}"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": [_compute("Kubernetes"), _workspace(UNKNOWN)]}
