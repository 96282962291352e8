# SPDX-License-Identifier: Apache-2.0
"""Old images do not stay on the nodes of a Kubernetes cluster."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

ENABLED = "properties.securityProfile.imageCleaner.enabled"


def check(cluster: Resource) -> Found:
    """AKS Automatic has the cleaner."""
    if not cluster.equals(ENABLED, True) and not is_automatic(cluster):
        yield cluster.wrong(ENABLED, "true is needed")


RULE = Rule(
    id="GP-AKS-030",
    slug="aks-image-cleaner",
    title="Old images do not stay on the nodes of a Kubernetes cluster",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-image-cleaner",),
    rationale=(
        "An image that was withdrawn for its holes still starts from the disk of every node that has it, and images of many gigabytes "
        "fill the disk until jobs are evicted."
    ),
    remediation="Use `AksCluster`, which cleans once a week; elsewhere set `properties.securityProfile.imageCleaner.enabled` to true.",
    absent="A violation: Azure cleans nothing up unless asked to. Passes for AKS Automatic.",
    check=check,
    remedy={"properties.securityProfile.imageCleaner.enabled": True},
)


def _cluster(enabled: object, sku: object = "Base") -> dict[str, object]:
    return {"sku": {"name": sku}, "properties": {"securityProfile": {"imageCleaner": {"enabled": enabled}}}}


GOOD: GoodCases = {
    "cleans": _cluster(True),
    "automatic": _cluster(None, "Automatic"),
}
_SAYS = "properties.securityProfile.imageCleaner.enabled is {}; true is needed"
BAD: BadCases = {
    "switched off": Bad(_cluster(False), says=_SAYS.format("false")),
    "not said": Bad({"properties": {}}, says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(UNKNOWN),
    "automatic or not": _cluster(False, UNKNOWN),
}
