# SPDX-License-Identifier: Apache-2.0
"""Azure upgrades a Kubernetes cluster by itself."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

CHANNEL = "properties.autoUpgradeProfile.upgradeChannel"


def check(cluster: Resource) -> Found:
    """AKS Automatic follows the channel `stable`."""
    if cluster.has(CHANNEL) and not cluster.equals(CHANNEL, "none"):
        return
    if not is_automatic(cluster):
        yield cluster.wrong(CHANNEL, "a channel such as 'patch' or 'stable' is needed")


RULE = Rule(
    id="GP-AKS-017",
    slug="aks-upgrade",
    title="Azure upgrades a Kubernetes cluster by itself",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-upgrade",),
    rationale="Holes in Kubernetes are public the day their patch is. A cluster that waits for somebody's time is open until then.",
    remediation="Leave `upgrade_channel` of `AksCluster` at 'patch', or choose another channel than 'none'.",
    absent="A violation: Azure upgrades nothing unless asked to. Passes for AKS Automatic, which has a channel.",
    check=check,
)


def _cluster(channel: object, sku: object = "Base") -> dict[str, object]:
    return {"sku": {"name": sku}, "properties": {"autoUpgradeProfile": {"upgradeChannel": channel}}}


GOOD: GoodCases = {
    "patches": _cluster("patch"),
    "automatic": _cluster(None, "Automatic"),
}
_SAYS = "properties.autoUpgradeProfile.upgradeChannel is {}; a channel such as 'patch' or 'stable' is needed"
BAD: BadCases = {
    "none": Bad(_cluster("None"), says=_SAYS.format("'None'")),
    "not said": Bad({"properties": {}}, says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "automatic or not": _cluster("none", UNKNOWN),
}
