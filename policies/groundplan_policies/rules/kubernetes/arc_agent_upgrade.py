# SPDX-License-Identifier: Apache-2.0
"""Azure upgrades the agents of a cluster outside of Azure."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

UPGRADE = "properties.arcAgentProfile.agentAutoUpgrade"


def check(cluster: Resource) -> Found:
    """Only an explicit `Disabled` keeps them as they are."""
    if cluster.equals(UPGRADE, "Disabled"):
        yield cluster.wrong(UPGRADE, "'Enabled' is needed")


RULE = Rule(
    id="GP-AKS-043",
    slug="arc-agent-upgrade",
    title="Azure upgrades the agents of a cluster outside of Azure",
    severity="low",
    types=("Microsoft.Kubernetes/connectedClusters",),
    controls=("arc-agent-upgrade",),
    rationale="The agents administrate the cluster. Old ones keep their holes, and after a year Azure no longer talks to them.",
    remediation="Leave `agent_auto_upgrade` of `ArcCluster` at True.",
    absent="Passes: Azure upgrades agents unless told otherwise.",
    check=check,
    remedy={"properties.arcAgentProfile.agentAutoUpgrade": "Enabled"},
)


def _cluster(upgrade: object) -> dict[str, object]:
    return {"properties": {"arcAgentProfile": {"agentAutoUpgrade": upgrade}}}


GOOD: GoodCases = {"upgraded": _cluster("Enabled"), "not said": {"properties": {}}}
BAD: BadCases = {
    "held back": Bad(
        _cluster("Disabled"), says="properties.arcAgentProfile.agentAutoUpgrade is 'Disabled'; 'Enabled' is needed"
    )
}
UNKNOWN_CASES: UnknownCases = {"decided later": _cluster(UNKNOWN)}
