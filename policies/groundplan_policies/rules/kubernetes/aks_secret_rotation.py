# SPDX-License-Identifier: Apache-2.0
"""Pods get new versions of the vault's secrets."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

ADDON = "properties.addonProfiles.azureKeyvaultSecretsProvider"
ROTATION = f"{ADDON}.config.enableSecretRotation"


def check(cluster: Resource) -> Found:
    """A cluster without the add-on mounts no secrets of a vault."""
    if cluster.equals(f"{ADDON}.enabled", True) and not cluster.equals(ROTATION, True):
        yield cluster.wrong(ROTATION, "'true' is needed")


RULE = Rule(
    id="GP-AKS-022",
    slug="aks-secret-rotation",
    title="Pods get new versions of the vault's secrets",
    severity="low",
    types=(CLUSTER,),
    controls=("aks-secret-rotation",),
    rationale=(
        "A secret that was rotated because it leaked lives on in every pod that started before, until somebody restarts it, and "
        "a pod whose secret was withdrawn fails at night."
    ),
    remediation="Use `AksCluster`, which rotates every two minutes; elsewhere set `enableSecretRotation` of the add-on to 'true'.",
    absent="A violation where the add-on is installed: Azure reads secrets once unless told otherwise. Passes without the add-on.",
    check=check,
)


def _cluster(enabled: object, rotation: object) -> dict[str, object]:
    addon = {"enabled": enabled, "config": {"enableSecretRotation": rotation}}
    return {"properties": {"addonProfiles": {"azureKeyvaultSecretsProvider": addon}}}


GOOD: GoodCases = {
    "rotates": _cluster(True, "true"),
    "no add-on": _cluster(False, "false"),
    "nothing said": {"properties": {}},
}
_SAYS = "properties.addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation is {}; 'true' is needed"
BAD: BadCases = {
    "reads once": Bad(_cluster(True, "false"), says=_SAYS.format("'false'")),
    "not said": Bad(_cluster(True, None), says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _cluster(True, UNKNOWN),
    "add-on or not": _cluster(UNKNOWN, "false"),
}
