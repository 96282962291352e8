# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster asks for rights before it does something."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER


def check(cluster: Resource) -> Found:
    """Only an explicit `false` switches it off."""
    if cluster.equals("properties.enableRBAC", False):
        yield cluster.wrong("properties.enableRBAC", "true is needed")


RULE = Rule(
    id="GP-AKS-006",
    slug="aks-rbac",
    title="A Kubernetes cluster asks for rights before it does something",
    severity="high",
    types=(CLUSTER,),
    controls=("aks-rbac",),
    rationale=(
        "Without roles every user and every pod may do everything, such as reading all secrets. It cannot be switched on later: the "
        "cluster has to be replaced."
    ),
    remediation="Use `AksCluster`, which sets it; elsewhere leave `properties.enableRBAC` away or set it to true.",
    absent="Passes: Azure makes clusters with roles unless told otherwise.",
    check=check,
)

GOOD: GoodCases = {
    "switched on": {"properties": {"enableRBAC": True}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "switched off": Bad({"properties": {"enableRBAC": False}}, says="properties.enableRBAC is false; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"enableRBAC": UNKNOWN}}}
