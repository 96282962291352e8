# SPDX-License-Identifier: Apache-2.0
"""Nobody logs in to nodes with a key."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.kubernetes import CLUSTER, POOL, pools_of


def check(owner: Resource) -> Found:
    """Every pool by itself."""
    yield from each_of(pools_of(owner), _look)


def _look(pool: View) -> Found:
    """Windows nodes have no such switch. `EntraId` lets people in by name and role, and has no keys."""
    if not pool.equals("securityProfile.sshAccess", "Disabled", "EntraId") and not pool.equals("osType", "Windows"):
        yield pool.wrong("securityProfile.sshAccess", "'Disabled' is needed")


RULE = Rule(
    id="GP-AKS-023",
    slug="aks-ssh",
    title="Nobody logs in to nodes with a key",
    severity="medium",
    types=(CLUSTER, POOL),
    controls=("aks-ssh",),
    rationale=(
        "From a pod that broke out of its network, port 22 of the other nodes is one hop away, and a key opens all of them. Debugging "
        "works without: `kubectl debug node`."
    ),
    remediation="Set `nodes_without_ssh` of `AksCluster`.",
    absent="A violation: Azure lets the local user in unless told otherwise. Passes for pools with Windows.",
    check=check,
)


def _pool(access: object, system: object = "Linux") -> dict[str, object]:
    return {"osType": system, "securityProfile": {"sshAccess": access}}


def _cluster(*pools: object) -> dict[str, object]:
    return {"properties": {"agentPoolProfiles": [*pools]}}


GOOD: GoodCases = {
    "closed": _cluster(_pool("Disabled")),
    "by name": _cluster(_pool("EntraId")),
    "Windows": _cluster(_pool("LocalUser", "Windows")),
    "no pools here": {"properties": {}},
    "pool of its own": {"type": POOL, "properties": _pool("Disabled")},
}
BAD: BadCases = {
    "second pool": Bad(
        _cluster(_pool("Disabled"), _pool("LocalUser")),
        says="properties.agentPoolProfiles[1].securityProfile.sshAccess is 'LocalUser'; 'Disabled' is needed",
    ),
    "not said": Bad(
        _cluster({"name": "system"}),
        says="properties.agentPoolProfiles[0].securityProfile.sshAccess is absent; 'Disabled' is needed",
    ),
    "pool of its own": Bad(
        {"type": POOL, "properties": _pool("LocalUser")},
        says="properties.securityProfile.sshAccess is 'LocalUser'; 'Disabled' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(_pool(UNKNOWN)),
    "system decided later": _cluster(_pool("LocalUser", UNKNOWN)),
}
