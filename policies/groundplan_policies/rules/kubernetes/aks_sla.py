# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster's control plane has an uptime agreement."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic


def check(cluster: Resource) -> Found:
    """`Paid` is what older versions of Azure's interface call `Standard`; AKS Automatic has it."""
    if not cluster.equals("sku.tier", "Standard", "Premium", "Paid") and not is_automatic(cluster):
        yield cluster.wrong("sku.tier", "'Standard' or 'Premium' is needed")


RULE = Rule(
    id="GP-AKS-020",
    slug="aks-sla",
    title="A Kubernetes cluster's control plane has an uptime agreement",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-sla",),
    rationale=(
        "A free control plane is small and comes without a promise: it throttles when many jobs start at once, and endpoints do not "
        "scale while it is away."
    ),
    remediation="Leave `tier` of `AksCluster` at 'Standard'.",
    absent="A violation: Azure takes the tier 'Free'. Passes for AKS Automatic.",
    check=check,
)

GOOD: GoodCases = {
    "standard": {"sku": {"name": "Base", "tier": "Standard"}},
    "premium": {"sku": {"name": "Base", "tier": "Premium"}},
    "in older words": {"sku": {"name": "Basic", "tier": "Paid"}},
    "automatic": {"sku": {"name": "Automatic"}},
}
BAD: BadCases = {
    "free": Bad(
        {"sku": {"name": "Base", "tier": "Free"}}, says="sku.tier is 'Free'; 'Standard' or 'Premium' is needed"
    ),
    "not said": Bad({"properties": {}}, says="sku.tier is absent; 'Standard' or 'Premium' is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"sku": {"tier": UNKNOWN}},
    "automatic or not": {"sku": {"name": UNKNOWN, "tier": "Free"}},
}
