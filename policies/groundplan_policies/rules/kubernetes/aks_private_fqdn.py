# SPDX-License-Identifier: Apache-2.0
"""The name of a private Kubernetes cluster is not in the public DNS."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.subjects.kubernetes import CLUSTER

NAME = "enablePrivateClusterPublicFQDN"


def check(cluster: Resource) -> Found:
    """A public cluster has a public name, and one without a private zone has no other."""
    profile = cluster.view("properties.apiServerAccessProfile")
    if _is_named_in_public(profile):
        yield profile.wrong(NAME, "false is needed for a private cluster")


def _is_named_in_public(profile: View) -> bool:
    return (
        not profile.equals(NAME, False)
        and profile.equals("enablePrivateCluster", True)
        and not profile.equals("privateDNSZone", "none")
    )


RULE = Rule(
    id="GP-AKS-031",
    slug="aks-private-fqdn",
    title="The name of a private Kubernetes cluster is not in the public DNS",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-private-fqdn",),
    rationale="The public name tells everybody that the cluster is there, and which address it has inside of the network.",
    remediation="Use `AksCluster`, which has no public name; elsewhere set `enablePrivateClusterPublicFQDN` to false.",
    absent="A violation for private clusters: Azure gives them a public name, too, unless told otherwise.",
    check=check,
)


def _cluster(named: object, private: object = True, zone: object = "system") -> dict[str, object]:
    profile = {"enablePrivateClusterPublicFQDN": named, "enablePrivateCluster": private, "privateDNSZone": zone}
    return {"properties": {"apiServerAccessProfile": profile}}


GOOD: GoodCases = {
    "no public name": _cluster(False),
    "public cluster": _cluster(None, False),
    "no private zone": _cluster(True, zone="None"),
    "nothing said": {"properties": {}},
}
_SAYS = "properties.apiServerAccessProfile.enablePrivateClusterPublicFQDN is {}; false is needed for a private cluster"
BAD: BadCases = {
    "public name": Bad(_cluster(True), says=_SAYS.format("true")),
    "not said": Bad(_cluster(None), says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "private or not": _cluster(True, UNKNOWN),
    "zone made later": _cluster(None, zone=UNKNOWN),
}
