# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster acts in Azure as a managed identity."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

CLIENT = "properties.servicePrincipalProfile.clientId"


def check(cluster: Resource) -> Found:
    """Azure writes `msi` where a service principal's id would be, when there is none."""
    if not cluster.equals("identity.type", "SystemAssigned", "UserAssigned"):
        yield cluster.wrong("identity.type", "'UserAssigned' or 'SystemAssigned' is needed")
    if cluster.has(CLIENT) and not cluster.equals(CLIENT, "msi"):
        yield cluster.wrong(CLIENT, "a managed identity in its place is needed")


RULE = Rule(
    id="GP-AKS-007",
    slug="aks-identity",
    title="A Kubernetes cluster acts in Azure as a managed identity",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-identity",),
    rationale=(
        "A service principal has a password: it lies in the program and its state, works from anywhere, and one day expires and takes "
        "load balancers and disks of the cluster with it."
    ),
    remediation="Use `AksCluster`, which has an identity of its own or takes `identity_id`; leave `servicePrincipalProfile` away.",
    absent="A violation without an identity; a service principal that is not there passes.",
    check=check,
)


def _cluster(kind: object, client: object = None) -> dict[str, object]:
    return {"identity": {"type": kind}, "properties": {"servicePrincipalProfile": {"clientId": client}}}


GOOD: GoodCases = {
    "of its own": _cluster("SystemAssigned"),
    "brought along": _cluster("UserAssigned"),
    "as Azure shows it": _cluster("UserAssigned", "msi"),
}
BAD: BadCases = {
    "none": Bad(_cluster("None"), says="identity.type is 'None'; 'UserAssigned' or 'SystemAssigned' is needed"),
    "service principal alone": Bad(
        {"properties": {"servicePrincipalProfile": {"clientId": "0f3c"}}},
        says="identity.type is absent; 'UserAssigned' or 'SystemAssigned' is needed",
    ),
    "service principal beside it": Bad(
        _cluster("SystemAssigned", "0f3c"),
        says="properties.servicePrincipalProfile.clientId is '0f3c'; a managed identity in its place is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "client decided later": _cluster("SystemAssigned", UNKNOWN),
}
