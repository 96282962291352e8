# SPDX-License-Identifier: Apache-2.0
"""A Kubernetes cluster has a network plugin that is agreed."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

PLUGIN = "properties.networkProfile.networkPlugin"


def check(cluster: Resource, given: Mapping[str, Any]) -> Found:
    """AKS Automatic has Azure CNI."""
    plugins = given["plugins"]
    if not cluster.equals(PLUGIN, *plugins) and not is_automatic(cluster):
        yield cluster.wrong(PLUGIN, f"{' or '.join(map(repr, plugins))} is needed")


RULE = Rule(
    id="GP-AKS-009",
    slug="aks-cni",
    title="A Kubernetes cluster has a network plugin that is agreed",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-cni",),
    rationale=(
        "Azure retires kubenet, and moving a cluster off it replaces every node. Azure CNI also has the network policies of Cilium "
        "and, in overlay mode, uses no more addresses of the network than kubenet."
    ),
    remediation="Use `AksCluster`, which has Azure CNI in overlay mode; elsewhere set `properties.networkProfile.networkPlugin`.",
    absent="A violation: Azure takes kubenet where a template does not say. Passes for AKS Automatic.",
    parameters=(
        Parameter(
            name="plugins",
            default=["azure"],
            description="The network plugins that are agreed; 'none' is one of the cluster's own.",
            schema={"type": "array", "items": {"enum": ["azure", "kubenet", "none"]}, "minItems": 1},
        ),
    ),
    check=check,
)


def _cluster(plugin: object, sku: object = "Base") -> dict[str, object]:
    return {"sku": {"name": sku}, "properties": {"networkProfile": {"networkPlugin": plugin}}}


GOOD: GoodCases = {
    "Azure's": _cluster("azure"),
    "one's own was agreed": Good(_cluster("none"), given={"plugins": ["azure", "none"]}),
    "automatic": _cluster(None, "Automatic"),
}
BAD: BadCases = {
    "kubenet": Bad(_cluster("kubenet"), says="properties.networkProfile.networkPlugin is 'kubenet'; 'azure' is needed"),
    "not said": Bad({"properties": {}}, says="properties.networkProfile.networkPlugin is absent; 'azure' is needed"),
    "neither": Bad(_cluster("kubenet"), given={"plugins": ["azure", "none"]}, says="'azure' or 'none' is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "automatic or not": _cluster(None, UNKNOWN),
}
