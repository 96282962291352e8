# SPDX-License-Identifier: Apache-2.0
"""Upgrades of a Kubernetes cluster have their hours."""

from collections.abc import Iterator

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    Undecided,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

WINDOW = "Microsoft.ContainerService/managedClusters/maintenanceConfigurations"


def check(cluster: Resource, stack: Stack) -> Found:
    """A window for each kind of upgrade that Azure does by itself. AKS Automatic has windows from the start."""
    if is_automatic(cluster):
        return
    windows = stack.children(cluster, WINDOW)
    names = {(each.short_name or "").casefold() for each in windows}
    for wanted in _wanted(cluster):
        if wanted.casefold() in names:
            continue
        if "" in names:
            raise Undecided("the name of a maintenance configuration", "unknown")
        yield Violation("", f"it has no maintenance configuration {wanted}; one is needed")


def _wanted(cluster: Resource) -> Iterator[str]:
    """Azure upgrades Kubernetes only when asked to, and the system of nodes unless told otherwise."""
    profile = cluster.view("properties.autoUpgradeProfile")
    if profile.has("upgradeChannel") and not profile.equals("upgradeChannel", "none"):
        yield "aksManagedAutoUpgradeSchedule"
    if not profile.equals("nodeOSUpgradeChannel", "None", "Unmanaged"):
        yield "aksManagedNodeOSUpgradeSchedule"


RULE = Rule(
    id="GP-AKS-029",
    slug="aks-maintenance-window",
    title="Upgrades of a Kubernetes cluster have their hours",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-maintenance-window",),
    rationale=(
        "An upgrade drains node after node. Without a window it does so in the middle of a training run of days, or when most people "
        "ask the endpoints."
    ),
    remediation="Pass `maintenance` to `AksCluster`: it opens one window for Kubernetes and one for the nodes' system.",
    absent="A violation for each kind of automatic upgrade without a window of its own.",
    unknown="Undecided where the name of a maintenance configuration is not known yet.",
    needs_stack=True,
    check=check,
)

KUBERNETES = "aksManagedAutoUpgradeSchedule"
NODES = "aksManagedNodeOSUpgradeSchedule"


def _cluster(channel: object, nodes: object = "NodeImage", **more: object) -> dict[str, object]:
    profile = {"upgradeChannel": channel, "nodeOSUpgradeChannel": nodes}
    return {"name": "aks", "properties": {"autoUpgradeProfile": profile}, **more}


def _window(name: str, **more: object) -> dict[str, object]:
    return {"type": WINDOW, "name": f"aks/{name}", **more}


GOOD: GoodCases = {
    "both": [_cluster("patch"), _window(KUBERNETES), _window(NODES.lower())],
    "all are new": [
        _cluster("patch", new=True),
        _window(KUBERNETES, parent=Later("aks")),
        _window(NODES, parent=Later("aks")),
    ],
    "nodes alone": [_cluster("none"), _window(NODES)],
    "nodes alone, by default": [_cluster(None, None), _window(NODES)],
    "nothing is upgraded": _cluster("none", "None"),
    "nodes look after themselves": _cluster("none", "Unmanaged"),
    "automatic": _cluster("stable", sku={"name": "Automatic"}),
}
BAD: BadCases = {
    "no window for Kubernetes": Bad(
        [_cluster("patch"), _window(NODES)],
        says="it has no maintenance configuration aksManagedAutoUpgradeSchedule; one is needed",
    ),
    "no window for nodes": Bad(
        [_cluster("patch"), _window(KUBERNETES)],
        says="it has no maintenance configuration aksManagedNodeOSUpgradeSchedule; one is needed",
    ),
    "windows of another cluster": Bad(
        [_cluster("none"), {**_window(NODES), "name": f"other/{NODES}"}], says="aksManagedNodeOSUpgradeSchedule"
    ),
    "all are new": Bad(
        [_cluster("patch", new=True), _window(KUBERNETES, parent=Later("aks"))], says="aksManagedNodeOSUpgradeSchedule"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "channel decided later": [_cluster(UNKNOWN), _window(KUBERNETES), _window(NODES)],
    "named later": [_cluster("patch"), {"type": WINDOW, "name": UNKNOWN, "parent": Later("aks")}],
    "automatic or not": _cluster("none", "None", sku={"name": UNKNOWN}),
}
