# SPDX-License-Identifier: Apache-2.0
"""Pods of a Kubernetes cluster can sign in to Azure as identities of their own."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

ENABLED = "properties.securityProfile.workloadIdentity.enabled"
ISSUER = "properties.oidcIssuerProfile.enabled"


def check(cluster: Resource) -> Found:
    """The webhook puts tokens into pods, the issuer makes Azure trust them: one without the other does nothing."""
    missing = [path for path in (ENABLED, ISSUER) if not cluster.equals(path, True)]
    if missing and not is_automatic(cluster):
        yield from (cluster.wrong(path, "true is needed") for path in missing)


RULE = Rule(
    id="GP-AKS-015",
    slug="aks-workload-identity",
    title="Pods of a Kubernetes cluster can sign in to Azure as identities of their own",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-workload-identity",),
    rationale=(
        "Without it pods take keys from secrets, or use the identity of their node, which every other pod of the node has, too."
    ),
    remediation="Use `AksCluster`, which sets both; elsewhere set `workloadIdentity.enabled` and `oidcIssuerProfile.enabled` to true.",
    absent="A violation for each of the two: Azure installs neither unless asked to. Passes for AKS Automatic, which has both.",
    check=check,
)


def _cluster(webhook: object, issuer: object, sku: object = "Base") -> dict[str, object]:
    profiles = {"securityProfile": {"workloadIdentity": {"enabled": webhook}}, "oidcIssuerProfile": {"enabled": issuer}}
    return {"sku": {"name": sku}, "properties": profiles}


GOOD: GoodCases = {
    "both": _cluster(True, True, UNKNOWN),
    "automatic": _cluster(None, None, "Automatic"),
}
BAD: BadCases = {
    "no webhook": Bad(
        _cluster(False, True), says="properties.securityProfile.workloadIdentity.enabled is false; true is needed"
    ),
    "no issuer": Bad(_cluster(True, None), says="properties.oidcIssuerProfile.enabled is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN, True),
    "automatic or not": _cluster(True, False, UNKNOWN),
}
