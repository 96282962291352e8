# SPDX-License-Identifier: Apache-2.0
"""People sign in to a Kubernetes cluster with Microsoft Entra ID."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

MANAGED = "properties.aadProfile.managed"


def check(cluster: Resource) -> Found:
    """A profile with applications of one's own, the way before the managed one, is no longer served."""
    if not cluster.equals(MANAGED, True) and not is_automatic(cluster):
        yield cluster.wrong(MANAGED, "true is needed")


RULE = Rule(
    id="GP-AKS-005",
    slug="aks-entra",
    title="People sign in to a Kubernetes cluster with Microsoft Entra ID",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-entra",),
    rationale="Without it everybody shares certificates: no second factor, no conditional access, no end when somebody leaves.",
    remediation="Use `AksCluster`, which sets it; elsewhere set `properties.aadProfile.managed` to true.",
    absent="A violation: Azure connects no directory unless asked to. Passes for AKS Automatic, which always has it.",
    check=check,
)

GOOD: GoodCases = {
    "managed": {"properties": {"aadProfile": {"managed": True}}},
    "automatic": {"sku": {"name": "Automatic"}, "properties": {}},
}
BAD: BadCases = {
    "applications of one's own": Bad(
        {"sku": {"name": "Base"}, "properties": {"aadProfile": {"managed": False, "serverAppID": "a"}}},
        says="properties.aadProfile.managed is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.aadProfile.managed is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"aadProfile": UNKNOWN}},
    "automatic or not": {"sku": {"name": UNKNOWN}, "properties": {}},
}
