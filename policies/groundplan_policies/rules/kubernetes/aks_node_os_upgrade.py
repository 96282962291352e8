# SPDX-License-Identifier: Apache-2.0
"""Azure patches the operating system of nodes.

`Unmanaged` is not agreed by default: the system patches itself, but nothing restarts a node for a new kernel.
"""

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
from groundplan_policies.subjects.kubernetes import CLUSTER

CHANNEL = "properties.autoUpgradeProfile.nodeOSUpgradeChannel"


def check(cluster: Resource, given: Mapping[str, Any]) -> Found:
    """Where nothing is said Azure takes new images."""
    channels = given["channels"]
    if cluster.has(CHANNEL) and not cluster.equals(CHANNEL, *channels):
        yield cluster.wrong(CHANNEL, f"{' or '.join(map(repr, channels))} is needed")


RULE = Rule(
    id="GP-AKS-018",
    slug="aks-node-os-upgrade",
    title="Azure patches the operating system of nodes",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-node-os-upgrade",),
    rationale="A hole in the kernel turns one bad container into the whole node, with the data of every job on it.",
    remediation="Leave `node_image_channel` of `AksCluster` at 'NodeImage', or choose 'SecurityPatch'.",
    absent="Passes: Azure takes 'NodeImage' for clusters that do not say otherwise.",
    parameters=(
        Parameter(
            name="channels",
            default=["NodeImage", "SecurityPatch"],
            description="The channels that are agreed. With 'Unmanaged' something in the cluster has to restart nodes.",
            schema={
                "type": "array",
                "items": {"enum": ["NodeImage", "SecurityPatch", "Unmanaged", "None"]},
                "minItems": 1,
            },
        ),
    ),
    check=check,
)


def _cluster(channel: object) -> dict[str, object]:
    return {"properties": {"autoUpgradeProfile": {"nodeOSUpgradeChannel": channel}}}


GOOD: GoodCases = {
    "images": _cluster("NodeImage"),
    "patches": _cluster("SecurityPatch"),
    "not said": {"properties": {}},
    "unmanaged was agreed": Good(_cluster("Unmanaged"), given={"channels": ["Unmanaged"]}),
}
_SAYS = "properties.autoUpgradeProfile.nodeOSUpgradeChannel is {}; 'NodeImage' or 'SecurityPatch' is needed"
BAD: BadCases = {
    "none": Bad(_cluster("None"), says=_SAYS.format("'None'")),
    "unmanaged": Bad(_cluster("Unmanaged"), says=_SAYS.format("'Unmanaged'")),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
