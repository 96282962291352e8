# SPDX-License-Identifier: Apache-2.0
"""Agents of a cluster outside of Azure reach Azure privately."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

STATE = "properties.privateLinkState"
SCOPE = "properties.privateLinkScopeResourceId"


def check(cluster: Resource) -> Found:
    """A scope whose id is not known yet is one."""
    if not cluster.equals(STATE, "Enabled"):
        yield cluster.wrong(STATE, "'Enabled' is needed")
    elif not cluster.given(SCOPE):
        yield cluster.wrong(SCOPE, "the id of an Azure Arc private link scope is needed")


RULE = Rule(
    id="GP-AKS-041",
    slug="arc-private-link",
    title="Agents of a cluster outside of Azure reach Azure privately",
    severity="medium",
    types=("Microsoft.Kubernetes/connectedClusters",),
    controls=("arc-private-link",),
    rationale=(
        "Over the internet the cluster's network has to let its nodes out to many public names, and whoever takes the agents' "
        "credentials can use them from anywhere."
    ),
    remediation="Pass `private_link_scope_id` to `ArcCluster` and leave `public_network_access` at False.",
    absent="A violation: the agents use the internet unless told otherwise.",
    check=check,
)


def _cluster(state: object, scope: object = "/subscriptions/s/privateLinkScopes/arc") -> dict[str, object]:
    return {"properties": {"privateLinkState": state, "privateLinkScopeResourceId": scope}}


GOOD: GoodCases = {
    "private": _cluster("Enabled"),
    "scope made in the same update": _cluster("Enabled", UNKNOWN),
}
BAD: BadCases = {
    "public": Bad(_cluster("Disabled"), says="properties.privateLinkState is 'Disabled'; 'Enabled' is needed"),
    "not said": Bad({"properties": {}}, says="properties.privateLinkState is absent; 'Enabled' is needed"),
    "no scope": Bad(
        _cluster("Enabled", None),
        says="properties.privateLinkScopeResourceId is absent; the id of an Azure Arc private link scope is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
