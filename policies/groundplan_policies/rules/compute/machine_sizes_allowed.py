# SPDX-License-Identifier: Apache-2.0
"""Machines are of agreed sizes."""

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
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT
from groundplan_policies.subjects.machine_sizes import fits, size_path
from groundplan_policies.subjects.workspaces import COMPUTE


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """What Azure rents by the machine; Kubernetes and Spark have sizes elsewhere."""
    if (path := size_path(found)) and (size := found.text(path)) and not fits(size, given["allowed"]):
        yield found.wrong(path, f"one of {', '.join(given['allowed'])} is needed")


RULE = Rule(
    id="GP-COST-005",
    slug="machine-sizes-allowed",
    title="Clusters, instances and managed deployments have machines of agreed sizes",
    severity="medium",
    types=(COMPUTE, ONLINE_DEPLOYMENT),
    controls=("aml-compute-sku-allow",),
    rationale="The largest size costs a hundred times the smallest, and some sizes have no quota, no successor or no support.",
    remediation="Choose another `vm_size` or `instance_type`, or add the size to `allowed`.",
    absent="Passes: Azure refuses a compute without a size and takes a small one for a deployment.",
    parameters=(
        Parameter(
            name="allowed",
            default=["Standard_*"],
            description="Sizes that may be used, in any letter case; `*` stands for anything, as in `Standard_DS*_v2`.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _compute(size: object, kind: str = "AmlCompute") -> dict[str, object]:
    return {"properties": {"computeType": kind, "properties": {"vmSize": size}}}


def _deployment(size: object, kind: str = "Managed") -> dict[str, object]:
    return {"type": ONLINE_DEPLOYMENT, "properties": {"endpointComputeType": kind, "instanceType": size}}


_SMALL = {"allowed": ["Standard_DS3_v2", "standard_f*"]}

GOOD: GoodCases = {
    "a cluster": _compute("STANDARD_DS3_V2"),
    "a deployment": _deployment("Standard_F4s_v2"),
    "agreed": Good(_compute("Standard_DS3_v2", "ComputeInstance"), given=_SMALL),
    "agreed by a pattern": Good(_deployment("Standard_F4s_v2"), given=_SMALL),
    "a name of Kubernetes": _deployment("small", "Kubernetes"),
    "attached": _compute("Basic_A4", "VirtualMachine"),
    "not said": _compute(None),
}
BAD: BadCases = {
    "of no kind in use": Bad(
        _compute("Basic_A4"), says="properties.properties.vmSize is 'Basic_A4'; one of Standard_* is needed"
    ),
    "an instance": Bad(_compute("Basic_A4", "ComputeInstance"), says="properties.properties.vmSize is 'Basic_A4'"),
    "larger than agreed": Bad(
        _deployment("Standard_DS4_v2"),
        says="properties.instanceType is 'Standard_DS4_v2'; one of Standard_DS3_v2, standard_f* is needed",
        given=_SMALL,
    ),
}
UNKNOWN_CASES: UnknownCases = {"a compute": _compute(UNKNOWN), "a deployment": _deployment(UNKNOWN)}
