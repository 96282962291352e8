# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster's API server is in the network only."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

PRIVATE = "properties.apiServerAccessProfile.enablePrivateCluster"


def check(cluster: Resource) -> Found:
    """Only an explicit `true` takes it off the internet, also for AKS Automatic."""
    if not cluster.equals(PRIVATE, True):
        yield cluster.wrong(PRIVATE, "true is needed")


RULE = Rule(
    id="GP-AKS-002",
    slug="aks-private",
    title="A Kubernetes cluster's API server is in the network only",
    severity="high",
    types=(CLUSTER,),
    controls=("aks-private",),
    rationale=(
        "Whoever talks to the API server with a stolen token or a new hole in Kubernetes owns every workload of the cluster, its "
        "models and its identities. On the internet that is anybody."
    ),
    remediation="Leave `public_api_server` of `AksCluster` at False. An existing public cluster has to be replaced.",
    absent="A violation: Azure puts the API server on the internet unless told otherwise.",
    check=check,
)


def _cluster(private: object) -> dict[str, object]:
    return {"properties": {"apiServerAccessProfile": {"enablePrivateCluster": private}}}


GOOD: GoodCases = {"private": _cluster(True)}
BAD: BadCases = {
    "public": Bad(
        _cluster(False), says="properties.apiServerAccessProfile.enablePrivateCluster is false; true is needed"
    ),
    "not said": Bad(
        {"properties": {}}, says="properties.apiServerAccessProfile.enablePrivateCluster is absent; true is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
