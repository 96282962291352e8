# SPDX-License-Identifier: Apache-2.0
"""Nobody opens a Kubernetes cluster without Microsoft Entra ID."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

DISABLED = "properties.disableLocalAccounts"


def check(cluster: Resource) -> Found:
    """AKS Automatic has no local accounts."""
    if not cluster.equals(DISABLED, True) and not is_automatic(cluster):
        yield cluster.wrong(DISABLED, "true is needed")


RULE = Rule(
    id="GP-AKS-004",
    slug="aks-local-accounts",
    title="Nobody opens a Kubernetes cluster without Microsoft Entra ID",
    severity="high",
    types=(CLUSTER,),
    controls=("aks-local-accounts",),
    rationale=(
        "The local account is a certificate with all rights that cannot be taken back from one person, outlives those who leave and "
        "signs nothing with a name. A workspace attaches the cluster by trusted access instead."
    ),
    remediation="Leave `local_accounts` of `AksCluster` at False, and name the workspaces that attach it in `trusted_workspace_ids`.",
    absent="A violation: Azure makes local accounts unless told otherwise. Passes for AKS Automatic, which has none.",
    check=check,
)

GOOD: GoodCases = {
    "none": {"properties": {"disableLocalAccounts": True}},
    "automatic": {"sku": {"name": "Automatic"}, "properties": {}},
}
BAD: BadCases = {
    "kept": Bad(
        {"sku": {"name": "Base"}, "properties": {"disableLocalAccounts": False}},
        says="properties.disableLocalAccounts is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.disableLocalAccounts is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"disableLocalAccounts": UNKNOWN}},
    "automatic or not": {"sku": {"name": UNKNOWN}, "properties": {"disableLocalAccounts": False}},
}
