# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster is free of the retired pod identities."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

ENABLED = "properties.podIdentityProfile.enabled"


def check(cluster: Resource) -> Found:
    """Only an explicit `true` installs them."""
    if cluster.equals(ENABLED, True):
        yield cluster.wrong(ENABLED, "false is needed")


RULE = Rule(
    id="GP-AKS-025",
    slug="aks-pod-identity",
    title="A Kubernetes cluster is free of the retired pod identities",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-pod-identity",),
    rationale=(
        "The add-on catches the tokens of a whole node and deals them out by labels: whoever may label a pod takes any identity. It "
        "is no longer patched. Workload identity is in its place."
    ),
    remediation="Leave `properties.podIdentityProfile` away; `AksCluster` has workload identity.",
    absent="Passes: Azure installs them only when asked to.",
    check=check,
)


def _cluster(enabled: object) -> dict[str, object]:
    return {"properties": {"podIdentityProfile": {"enabled": enabled}}}


GOOD: GoodCases = {"switched off": _cluster(False), "not said": {"properties": {}}}
BAD: BadCases = {
    "installed": Bad(_cluster(True), says="properties.podIdentityProfile.enabled is true; false is needed")
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
