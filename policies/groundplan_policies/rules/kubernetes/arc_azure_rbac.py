# SPDX-License-Identifier: Apache-2.0
"""Azure's roles decide who may do what in a cluster outside of Azure."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ROLES = "properties.aadProfile.enableAzureRBAC"


def check(cluster: Resource) -> Found:
    """Only an explicit `true` asks Azure."""
    if not cluster.equals(ROLES, True):
        yield cluster.wrong(ROLES, "true is needed")


RULE = Rule(
    id="GP-AKS-042",
    slug="arc-azure-rbac",
    title="Azure's roles decide who may do what in a cluster outside of Azure",
    severity="medium",
    types=("Microsoft.Kubernetes/connectedClusters",),
    controls=("arc-azure-rbac",),
    rationale=(
        "Bindings that live in the cluster are seen by nobody who reviews access in Azure, and stay when a person's roles are taken "
        "away."
    ),
    remediation="Leave `azure_rbac` of `ArcCluster` at True.",
    absent="A violation: Azure leaves roles to the cluster unless asked.",
    check=check,
)


def _cluster(roles: object) -> dict[str, object]:
    return {"properties": {"aadProfile": {"enableAzureRBAC": roles}}}


GOOD: GoodCases = {"Azure's": _cluster(True)}
BAD: BadCases = {
    "the cluster's own": Bad(_cluster(False), says="properties.aadProfile.enableAzureRBAC is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.aadProfile.enableAzureRBAC is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
