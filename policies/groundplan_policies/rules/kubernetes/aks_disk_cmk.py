# SPDX-License-Identifier: Apache-2.0
"""Disks of a Kubernetes cluster are encrypted with the customer's own key."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Later, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

SET = "properties.diskEncryptionSetID"


def check(cluster: Resource) -> Found:
    """What the program makes in the same update has an id, too."""
    if not cluster.sources_of(SET) and not cluster.has(SET):
        yield cluster.wrong(SET, "the id of a disk encryption set is needed")


RULE = Rule(
    id="GP-AKS-013",
    slug="aks-disk-cmk",
    title="Disks of a Kubernetes cluster are encrypted with the customer's own key",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-disk-cmk",),
    rationale=(
        "Disks of nodes and of pods hold images, data sets and checkpoints. Withdrawing a key of one's own ends access to all of them. "
        "It has to be decided before the cluster is made."
    ),
    remediation="Pass `disk_encryption_set_id` to `AksCluster`; an existing cluster has to be replaced.",
    absent="A violation: Azure encrypts with a key of Microsoft's.",
    unknown="Passes where the id comes out of a resource of the program; undecided otherwise.",
    check=check,
)

GOOD: GoodCases = {
    "own key": {"properties": {"diskEncryptionSetID": "/subscriptions/s/diskEncryptionSets/des"}},
    "made in the same update": [
        {"name": "aks", "properties": {"diskEncryptionSetID": Later("des")}},
        {"type": "Microsoft.Compute/diskEncryptionSets", "name": "des", "new": True},
    ],
}
BAD: BadCases = {
    "not said": Bad(
        {"properties": {}},
        says="properties.diskEncryptionSetID is absent; the id of a disk encryption set is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"diskEncryptionSetID": UNKNOWN}}}
