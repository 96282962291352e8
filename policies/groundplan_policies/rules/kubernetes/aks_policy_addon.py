# SPDX-License-Identifier: Apache-2.0
"""Azure Policy can refuse pods in a Kubernetes cluster."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

ADDON = "properties.addonProfiles.azurePolicy.enabled"


def check(cluster: Resource) -> Found:
    """AKS Automatic has the add-on for its deployment safeguards."""
    if not cluster.equals(ADDON, True) and not is_automatic(cluster):
        yield cluster.wrong(ADDON, "true is needed")


RULE = Rule(
    id="GP-AKS-010",
    slug="aks-policy-addon",
    title="Azure Policy can refuse pods in a Kubernetes cluster",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-policy-addon",),
    rationale=(
        "What stands in the cluster's body is half of its safety: privileged pods, mounted hosts and foreign images are refused "
        "inside, by the add-on, or by nobody."
    ),
    remediation="Leave `azure_policy` of `AksCluster` at True.",
    absent="A violation: Azure installs no add-on unless asked to. Passes for AKS Automatic, which has it.",
    check=check,
)


def _cluster(enabled: object, sku: object = "Base", name: str = "azurePolicy") -> dict[str, object]:
    return {"sku": {"name": sku}, "properties": {"addonProfiles": {name: {"enabled": enabled}}}}


GOOD: GoodCases = {
    "installed": _cluster(True),
    "in another letter case": _cluster(True, name="azurepolicy"),
    "automatic": _cluster(False, "Automatic"),
}
BAD: BadCases = {
    "switched off": Bad(_cluster(False), says="properties.addonProfiles.azurePolicy.enabled is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.addonProfiles.azurePolicy.enabled is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "automatic or not": _cluster(False, UNKNOWN),
}
