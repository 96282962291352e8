# SPDX-License-Identifier: Apache-2.0
"""No node of a Kubernetes cluster has a public address."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases


def check(cluster: Resource) -> Found:
    """Every pool by itself."""
    for pool in cluster.items("properties.agentPoolProfiles"):
        if pool.equals("enableNodePublicIP", True):
            yield pool.wrong("enableNodePublicIP", "false is needed")


RULE = Rule(
    id="GP-AKS-001",
    slug="aks-node-public-ip",
    title="No node of a Kubernetes cluster has a public address",
    severity="high",
    types=("Microsoft.ContainerService/managedClusters",),
    controls=("aks-node-public-ip",),
    rationale="A node with a public address is one misconfigured port away from the internet.",
    remediation="Leave `enableNodePublicIP` of every node pool at false; `AksCluster` never sets it.",
    absent="Passes: Azure gives nodes no public address unless asked to.",
    check=check,
)

GOOD: GoodCases = {
    "not said": {"properties": {"agentPoolProfiles": [{"name": "system"}]}},
    "no pools here": {"properties": {}},
}
BAD: BadCases = {
    "second pool": Bad(
        {"properties": {"agentPoolProfiles": [{"enableNodePublicIP": False}, {"enableNodePublicIP": True}]}},
        says="properties.agentPoolProfiles[1].enableNodePublicIP is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"agentPoolProfiles": [{"enableNodePublicIP": UNKNOWN}]}},
    "pools made later": {"properties": {"agentPoolProfiles": UNKNOWN}},
}
