# SPDX-License-Identifier: Apache-2.0
"""The log agent of a Kubernetes cluster signs in with an identity."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

ADDON = "properties.addonProfiles.omsagent"
IDENTITY = f"{ADDON}.config.useAADAuth"


def check(cluster: Resource) -> Found:
    """A cluster without the add-on sends nothing."""
    if cluster.equals(f"{ADDON}.enabled", True) and not cluster.equals(IDENTITY, True):
        yield cluster.wrong(IDENTITY, "'true' is needed")


RULE = Rule(
    id="GP-AKS-033",
    slug="aks-insights-identity",
    title="The log agent of a Kubernetes cluster signs in with an identity",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-insights-identity",),
    rationale=(
        "The older way puts the workspace's shared key into a secret of the cluster: whoever reads it writes into everybody's logs, "
        "and the workspace can not do without keys."
    ),
    remediation="Pass `log_analytics_workspace_id` to `AksCluster`; elsewhere set `useAADAuth` of the add-on `omsagent` to 'true'.",
    absent="A violation where the add-on is installed: it takes the key unless told otherwise. Passes without the add-on.",
    check=check,
)


def _cluster(enabled: object, identity: object, name: str = "omsagent") -> dict[str, object]:
    return {"properties": {"addonProfiles": {name: {"enabled": enabled, "config": {"useAADAuth": identity}}}}}


GOOD: GoodCases = {
    "identity": _cluster(True, "true"),
    "in another letter case": _cluster(True, "True", "omsAgent"),
    "no add-on": _cluster(False, "false"),
    "nothing said": {"properties": {}},
}
_SAYS = "properties.addonProfiles.omsagent.config.useAADAuth is {}; 'true' is needed"
BAD: BadCases = {
    "key": Bad(_cluster(True, "false"), says=_SAYS.format("'false'")),
    "not said": Bad(_cluster(True, None), says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(True, UNKNOWN),
    "add-on or not": _cluster(UNKNOWN, "false"),
}
