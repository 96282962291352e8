# SPDX-License-Identifier: Apache-2.0
"""Microsoft Defender watches a Kubernetes cluster."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

MONITORING = "properties.securityProfile.defender.securityMonitoring.enabled"


def check(cluster: Resource) -> Found:
    """Only an explicit `true` installs the sensor."""
    if not cluster.equals(MONITORING, True):
        yield cluster.wrong(MONITORING, "true is needed")


RULE = Rule(
    id="GP-AKS-014",
    slug="aks-defender",
    title="Microsoft Defender watches a Kubernetes cluster",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-defender",),
    rationale=(
        "A container that starts to mine, to scan or to reach out where it never did shows at the nodes only. The plan for containers "
        "may install the sensor on its own later; in the program it is there from the first pod, and it costs."
    ),
    remediation="Set `defender` of `AksCluster`, together with `log_analytics_workspace_id`.",
    absent="A violation: Azure installs no sensor unless asked to.",
    check=check,
)


def _cluster(enabled: object) -> dict[str, object]:
    return {"properties": {"securityProfile": {"defender": {"securityMonitoring": {"enabled": enabled}}}}}


GOOD: GoodCases = {"watched": _cluster(True)}
_SAYS = "properties.securityProfile.defender.securityMonitoring.enabled is {}; true is needed"
BAD: BadCases = {
    "switched off": Bad(_cluster(False), says=_SAYS.format("false")),
    "not said": Bad({"properties": {}}, says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
