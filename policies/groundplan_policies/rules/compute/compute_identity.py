# SPDX-License-Identifier: Apache-2.0
"""A compute acts as a managed identity of its own."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.computes import KIND

CAPABLE = ("AmlCompute", "ComputeInstance", "Kubernetes", "SynapseSpark")
IDENTITY = "identity.type"
KINDS = ("SystemAssigned", "UserAssigned")


def check(compute: Resource) -> Found:
    """Computes that can have one; Azure takes one kind at a time, never both."""
    if compute.equals(KIND, *CAPABLE) and not compute.equals(IDENTITY, *KINDS):
        yield compute.wrong(IDENTITY, "'SystemAssigned' or 'UserAssigned' is needed")


RULE = Rule(
    id="GP-CMP-005",
    slug="compute-identity",
    title="A compute has a managed identity",
    severity="medium",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-compute-identity",),
    rationale=(
        "Without an identity jobs use keys from a file or the rights of whoever started them, and neither is narrow nor easy to revoke."
    ),
    remediation="Leave `identity_ids` out for a system-assigned identity, or pass the ids of user-assigned ones.",
    absent="A violation for clusters, instances, Kubernetes and Spark: they have none. Other computes can not have one.",
    check=check,
)


def _compute(kind: str, identity: object) -> dict[str, object]:
    return {"identity": {"type": identity}, "properties": {"computeType": kind}}


GOOD: GoodCases = {
    "a cluster of its own": _compute("AmlCompute", "SystemAssigned"),
    "an instance with others": _compute("ComputeInstance", "UserAssigned"),
    "attached Databricks": _compute("Databricks", None),
}
BAD: BadCases = {
    "a cluster with none": Bad(
        {"properties": {"computeType": "AmlCompute"}},
        says="identity.type is absent; 'SystemAssigned' or 'UserAssigned' is needed",
    ),
    "an instance with none": Bad(
        _compute("ComputeInstance", "None"),
        says="identity.type is 'None'; 'SystemAssigned' or 'UserAssigned' is needed",
    ),
    "Kubernetes": Bad(_compute("Kubernetes", None), says="identity.type is absent"),
    "both, which Azure refuses": Bad(
        _compute("SynapseSpark", "SystemAssigned,UserAssigned"), says="identity.type is 'SystemAssigned,UserAssigned'"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _compute("AmlCompute", UNKNOWN)}
