# SPDX-License-Identifier: Apache-2.0
"""Caches and temporary disks of nodes are encrypted where they lie."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.kubernetes import CLUSTER, POOL, pools_of


def check(owner: Resource) -> Found:
    """Every pool by itself."""
    yield from each_of(pools_of(owner), _look)


def _look(pool: View) -> Found:
    if not pool.equals("enableEncryptionAtHost", True):
        yield pool.wrong("enableEncryptionAtHost", "true is needed")


RULE = Rule(
    id="GP-AKS-012",
    slug="aks-host-encryption",
    title="Caches and temporary disks of nodes are encrypted where they lie",
    severity="medium",
    types=(CLUSTER, POOL),
    controls=("aks-host-encryption",),
    rationale=(
        "Jobs leave training data and checkpoints on temporary disks and in caches, which encryption of managed disks does not reach. "
        "The subscription needs the feature `EncryptionAtHost`, and a change replaces the pool."
    ),
    remediation="Set `host_encryption` of `AksCluster`.",
    absent="A violation: Azure leaves them as they are unless asked.",
    check=check,
)

GOOD: GoodCases = {
    "all pools": {"properties": {"agentPoolProfiles": [{"enableEncryptionAtHost": True}]}},
    "no pools here": {"properties": {}},
    "pool of its own": {"type": POOL, "properties": {"enableEncryptionAtHost": True}},
}
BAD: BadCases = {
    "second pool": Bad(
        {"properties": {"agentPoolProfiles": [{"enableEncryptionAtHost": True}, {"name": "gpu"}]}},
        says="properties.agentPoolProfiles[1].enableEncryptionAtHost is absent; true is needed",
    ),
    "pool of its own": Bad(
        {"type": POOL, "properties": {"enableEncryptionAtHost": False}},
        says="properties.enableEncryptionAtHost is false; true is needed",
    ),
    "after one that is decided later": Bad(
        {"properties": {"agentPoolProfiles": [{"enableEncryptionAtHost": UNKNOWN}, {"name": "gpu"}]}},
        says="properties.agentPoolProfiles[1].enableEncryptionAtHost is absent",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"agentPoolProfiles": [{"enableEncryptionAtHost": UNKNOWN}]}},
    "pools made later": {"properties": {"agentPoolProfiles": UNKNOWN}},
}
