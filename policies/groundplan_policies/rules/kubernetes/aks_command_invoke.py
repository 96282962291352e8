# SPDX-License-Identifier: Apache-2.0
"""Nobody runs commands in a Kubernetes cluster through Azure Resource Manager."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

DISABLED = "properties.apiServerAccessProfile.disableRunCommand"


def check(cluster: Resource) -> Found:
    """Only an explicit `true` closes that way."""
    if not cluster.equals(DISABLED, True):
        yield cluster.wrong(DISABLED, "true is needed")


RULE = Rule(
    id="GP-AKS-011",
    slug="aks-command-invoke",
    title="Nobody runs commands in a Kubernetes cluster through Azure Resource Manager",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-command-invoke",),
    rationale=(
        "The call runs a pod with the caller's rights from anywhere in the world: a way around a private API server. Pipelines that "
        "lean on it have to move into the network first."
    ),
    remediation="Use `AksCluster`, which switches it off; elsewhere set `properties.apiServerAccessProfile.disableRunCommand` to true.",
    absent="A violation: Azure runs such commands unless told otherwise.",
    check=check,
)


def _cluster(disabled: object) -> dict[str, object]:
    return {"properties": {"apiServerAccessProfile": {"disableRunCommand": disabled}}}


GOOD: GoodCases = {"closed": _cluster(True)}
BAD: BadCases = {
    "open": Bad(_cluster(False), says="properties.apiServerAccessProfile.disableRunCommand is false; true is needed"),
    "not said": Bad(
        {"properties": {}}, says="properties.apiServerAccessProfile.disableRunCommand is absent; true is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
