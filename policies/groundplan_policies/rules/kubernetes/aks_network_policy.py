# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster can keep pods from each other."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

POLICY = "properties.networkProfile.networkPolicy"


def check(cluster: Resource) -> Found:
    """A cluster that brings its own network plugin brings its own network policies, and AKS Automatic has Cilium."""
    if cluster.has(POLICY) and not cluster.equals(POLICY, "none"):
        return
    if not cluster.equals("properties.networkProfile.networkPlugin", "none") and not is_automatic(cluster):
        yield cluster.wrong(POLICY, "'cilium', 'calico' or 'azure' is needed")


RULE = Rule(
    id="GP-AKS-008",
    slug="aks-network-policy",
    title="A Kubernetes cluster can keep pods from each other",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-network-policy",),
    rationale=(
        "Without an engine Kubernetes takes network policies and ignores them: a training job of one team reaches the endpoints, "
        "caches and notebooks of all others."
    ),
    remediation="Use `AksCluster`, which has Cilium; elsewhere set `properties.networkProfile.networkPolicy`.",
    absent="A violation: Azure enforces no network policies unless asked to. Passes for AKS Automatic and with a plugin of one's own.",
    check=check,
)


def _cluster(policy: object, plugin: object = "azure", sku: object = "Base") -> dict[str, object]:
    profile = {"networkPlugin": plugin, "networkPolicy": policy}
    return {"sku": {"name": sku}, "properties": {"networkProfile": profile}}


GOOD: GoodCases = {
    "cilium": _cluster("cilium"),
    "plugin of one's own": _cluster("none", "none"),
    "automatic": _cluster(None, sku="Automatic"),
}
_SAYS = "properties.networkProfile.networkPolicy is {}; 'cilium', 'calico' or 'azure' is needed"
BAD: BadCases = {
    "none": Bad(_cluster("none"), says=_SAYS.format("'none'")),
    "nothing said": Bad({"properties": {}}, says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "plugin decided later": _cluster(None, UNKNOWN),
    "automatic or not": _cluster(None, sku=UNKNOWN),
}
