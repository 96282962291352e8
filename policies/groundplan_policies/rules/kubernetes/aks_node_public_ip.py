# SPDX-License-Identifier: Apache-2.0
"""No node of a Kubernetes cluster has a public address."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.kubernetes import CLUSTER, POOL, pools_of


def check(owner: Resource) -> Found:
    """Every pool by itself."""
    yield from each_of(pools_of(owner), _look)


def _look(pool: View) -> Found:
    if pool.equals("enableNodePublicIP", True):
        yield pool.wrong("enableNodePublicIP", "false is needed")


RULE = Rule(
    id="GP-AKS-001",
    slug="aks-node-public-ip",
    title="No node of a Kubernetes cluster has a public address",
    severity="high",
    types=(CLUSTER, POOL),
    controls=("aks-node-public-ip",),
    rationale="A node with a public address is one misconfigured port away from the internet.",
    remediation="Leave `enableNodePublicIP` of every node pool at false; `AksCluster` never sets it.",
    absent="Passes: Azure gives nodes no public address unless asked to.",
    check=check,
)

GOOD: GoodCases = {
    "not said": {"properties": {"agentPoolProfiles": [{"name": "system"}]}},
    "no pools here": {"properties": {}},
    "pool of its own": {"type": POOL, "properties": {"enableNodePublicIP": False}},
}
BAD: BadCases = {
    "second pool": Bad(
        {"properties": {"agentPoolProfiles": [{"enableNodePublicIP": False}, {"enableNodePublicIP": True}]}},
        says="properties.agentPoolProfiles[1].enableNodePublicIP is true; false is needed",
    ),
    "after one that is decided later": Bad(
        {"properties": {"agentPoolProfiles": [{"enableNodePublicIP": UNKNOWN}, {"enableNodePublicIP": True}]}},
        says="properties.agentPoolProfiles[1].enableNodePublicIP is true",
    ),
    "pool of its own": Bad(
        {"type": POOL, "properties": {"enableNodePublicIP": True}},
        says="properties.enableNodePublicIP is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"agentPoolProfiles": [{"enableNodePublicIP": UNKNOWN}]}},
    "pools made later": {"properties": {"agentPoolProfiles": UNKNOWN}},
}
