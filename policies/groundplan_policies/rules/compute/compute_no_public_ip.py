# SPDX-License-Identifier: Apache-2.0
"""No node of a cluster and no instance has a public address."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.computes import PUBLIC_IP, is_rented


def check(compute: Resource) -> Found:
    """Only an explicit false closes it."""
    if is_rented(compute) and not compute.equals(PUBLIC_IP, False):
        yield compute.wrong(PUBLIC_IP, "false is needed")


RULE = Rule(
    id="GP-CMP-003",
    slug="compute-no-public-ip",
    title="No node of a cluster and no instance has a public address",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-compute-no-public-ip",),
    rationale="Azure opens ports of a machine with a public address for its own service, and scanners find them within minutes.",
    remediation="Leave `node_public_ip` of `ComputeCluster` and `ComputeInstance` at False; the subnet then needs a way out of its own.",
    absent="A violation for clusters and instances: Azure gives every machine an address unless told not to.",
    check=check,
)

GOOD: GoodCases = {
    "a cluster without": {"properties": {"computeType": "AmlCompute", "properties": {"enableNodePublicIp": False}}},
    "an instance without": {
        "properties": {"computeType": "ComputeInstance", "properties": {"enableNodePublicIp": False}}
    },
    "attached": {"properties": {"computeType": "Databricks", "properties": {}}},
}
BAD: BadCases = {
    "a cluster with": Bad(
        {"properties": {"computeType": "AmlCompute", "properties": {"enableNodePublicIp": True}}},
        says="properties.properties.enableNodePublicIp is true; false is needed",
    ),
    "an instance that does not say": Bad(
        {"properties": {"computeType": "ComputeInstance", "properties": {}}},
        says="properties.properties.enableNodePublicIp is absent; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"computeType": "AmlCompute", "properties": {"enableNodePublicIp": UNKNOWN}}},
}
