# SPDX-License-Identifier: Apache-2.0
"""A compute takes no logins of its own.

No remedy: on a cluster and an instance Azure takes the setting only when it makes them.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.computes import is_rented

FLAG = "properties.disableLocalAuth"


def check(compute: Resource) -> Found:
    """Clusters and instances only: what is attached has its own way in."""
    if is_rented(compute) and not compute.equals(FLAG, True):
        yield compute.wrong(FLAG, "true is needed")


RULE = Rule(
    id="GP-CMP-001",
    slug="compute-local-auth",
    title="Clusters and instances let nobody in but by Microsoft Entra ID",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-compute-local-auth",),
    rationale="A local account outlives the person it was made for, and no sign-in log shows who used it.",
    remediation="Leave `local_authentication` of `ComputeCluster` at False; elsewhere set `disableLocalAuth` and make the compute anew.",
    absent="A violation for clusters and instances: Azure leaves local accounts on. Other computes are not looked at.",
    check=check,
)

GOOD: GoodCases = {
    "a cluster without": {"properties": {"computeType": "AmlCompute", "disableLocalAuth": True}},
    "an instance without": {"properties": {"computeType": "ComputeInstance", "disableLocalAuth": True}},
    "an attached cluster": {"properties": {"computeType": "Kubernetes", "disableLocalAuth": False}},
}
BAD: BadCases = {
    "a cluster with": Bad(
        {"properties": {"computeType": "AmlCompute", "disableLocalAuth": False}},
        says="properties.disableLocalAuth is false; true is needed",
    ),
    "an instance that does not say": Bad(
        {"properties": {"computeType": "ComputeInstance"}}, says="properties.disableLocalAuth is absent; true is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"computeType": "AmlCompute", "disableLocalAuth": UNKNOWN}},
}
