# SPDX-License-Identifier: Apache-2.0
"""Azure's roles decide who may do what in a Kubernetes cluster."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

ROLES = "properties.aadProfile.enableAzureRBAC"


def check(cluster: Resource) -> Found:
    """AKS Automatic has it."""
    if not cluster.equals(ROLES, True) and not is_automatic(cluster):
        yield cluster.wrong(ROLES, "true is needed")


RULE = Rule(
    id="GP-AKS-024",
    slug="aks-azure-rbac",
    title="Azure's roles decide who may do what in a Kubernetes cluster",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-azure-rbac",),
    rationale=(
        "Bindings that live in the cluster are seen by nobody who reviews access in Azure, and stay when a person's roles are taken "
        "away."
    ),
    remediation="Use `AksCluster`, which sets it; elsewhere set `properties.aadProfile.enableAzureRBAC` to true.",
    absent="A violation: Azure leaves roles to the cluster unless asked. Passes for AKS Automatic.",
    check=check,
)

GOOD: GoodCases = {
    "Azure's": {"properties": {"aadProfile": {"enableAzureRBAC": True}}},
    "automatic": {"sku": {"name": "Automatic"}, "properties": {}},
}
BAD: BadCases = {
    "the cluster's own": Bad(
        {"sku": {"name": "Base"}, "properties": {"aadProfile": {"managed": True, "enableAzureRBAC": False}}},
        says="properties.aadProfile.enableAzureRBAC is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.aadProfile.enableAzureRBAC is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"aadProfile": {"enableAzureRBAC": UNKNOWN}}},
    "automatic or not": {"sku": {"name": UNKNOWN}, "properties": {}},
}
