# SPDX-License-Identifier: Apache-2.0
"""Secrets of a Kubernetes cluster are encrypted with a key before they are stored.

The key is the customer's own in a vault, or one that Azure keeps: `kubernetesResourceObjectEncryptionProfile`, which came later.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

KMS = "properties.securityProfile.azureKeyVaultKms.enabled"
PLATFORM = "properties.securityProfile.kubernetesResourceObjectEncryptionProfile.infrastructureEncryption"


def check(cluster: Resource) -> Found:
    """Either of the two will do."""
    if not cluster.equals(KMS, True) and not cluster.equals(PLATFORM, "Enabled"):
        yield cluster.wrong(KMS, "true is needed")


RULE = Rule(
    id="GP-AKS-016",
    slug="aks-kms",
    title="Secrets of a Kubernetes cluster are encrypted with a key before they are stored",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-kms",),
    rationale=(
        "Kubernetes' own store has secrets as they are, below the encryption of its disks. With a key in a vault, each use of it is "
        "logged, and withdrawing it closes the cluster."
    ),
    remediation="Pass `customer_key` to `AksCluster`.",
    absent="A violation: Azure encrypts only the disks below the store unless asked.",
    check=check,
)


def _cluster(kms: object, platform: object = None) -> dict[str, object]:
    profile = {
        "azureKeyVaultKms": {"enabled": kms},
        "kubernetesResourceObjectEncryptionProfile": {"infrastructureEncryption": platform},
    }
    return {"properties": {"securityProfile": profile}}


GOOD: GoodCases = {
    "key of one's own": _cluster(True),
    "key of Azure's": _cluster(False, "Enabled"),
}
BAD: BadCases = {
    "neither": Bad(
        _cluster(False, "Disabled"),
        says="properties.securityProfile.azureKeyVaultKms.enabled is false; true is needed",
    ),
    "nothing said": Bad({"properties": {}}, says="properties.securityProfile.azureKeyVaultKms.enabled is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "key of Azure's, decided later": _cluster(False, UNKNOWN),
}
