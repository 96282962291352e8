# SPDX-License-Identifier: Apache-2.0
"""Nobody reaches the SSH port of a cluster or an instance."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.computes import PUBLIC_IP, SUBNET, is_cluster, is_instance

INSTANCE = "properties.properties.sshSettings.sshPublicAccess"
CLUSTER = "properties.properties.remoteLoginPortPublicAccess"
SUBNET_ID = f"{SUBNET}.id"


def check(compute: Resource) -> Found:
    """A cluster that does not say is closed where its nodes are in a subnet or have no public address."""
    if is_instance(compute):
        if compute.equals(INSTANCE, "Enabled"):
            yield compute.wrong(INSTANCE, "'Disabled' is needed")
    elif is_cluster(compute) and _is_open(compute):
        yield compute.wrong(CLUSTER, "'Disabled' is needed")


def _is_open(cluster: Resource) -> bool:
    if cluster.equals(CLUSTER, "Enabled", "Disabled"):
        return cluster.equals(CLUSTER, "Enabled")
    inside = cluster.given(SUBNET_ID)
    return not inside and not cluster.equals(PUBLIC_IP, False)


RULE = Rule(
    id="GP-CMP-004",
    slug="compute-ssh-access",
    title="The SSH ports of clusters and instances are closed",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-compute-ssh-access",),
    rationale="An open SSH port is tried by bots day and night, and whoever gets in acts as the identity of the compute.",
    remediation="Leave `ssh` of `ComputeCluster` at False and `ssh_public_key` of `ComputeInstance` out.",
    absent=(
        "Passes for instances, which Azure closes, and for clusters in a subnet or without public addresses. "
        "A violation for other clusters, which Azure opens."
    ),
    check=check,
)


def _cluster(**properties: object) -> dict[str, object]:
    return {"properties": {"computeType": "AmlCompute", "properties": properties}}


def _instance(access: object) -> dict[str, object]:
    settings = {"sshSettings": {"sshPublicAccess": access}}
    return {"properties": {"computeType": "ComputeInstance", "properties": settings}}


GOOD: GoodCases = {
    "a closed instance": _instance("Disabled"),
    "an instance that does not say": _instance(None),
    "a closed cluster": _cluster(remoteLoginPortPublicAccess="Disabled", enableNodePublicIp=True),
    "not said, in a subnet": _cluster(subnet={"id": UNKNOWN}, remoteLoginPortPublicAccess="NotSpecified"),
    "not said, without public addresses": _cluster(enableNodePublicIp=False),
    "attached": {"properties": {"computeType": "VirtualMachine"}},
}
BAD: BadCases = {
    "an open instance": Bad(
        _instance("Enabled"),
        says="properties.properties.sshSettings.sshPublicAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "an open cluster": Bad(
        _cluster(remoteLoginPortPublicAccess="Enabled", enableNodePublicIp=False),
        says="properties.properties.remoteLoginPortPublicAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said, with public addresses": Bad(
        _cluster(remoteLoginPortPublicAccess="NotSpecified", enableNodePublicIp=True),
        says="properties.properties.remoteLoginPortPublicAccess is 'NotSpecified'; 'Disabled' is needed",
    ),
    "nothing said": Bad(
        _cluster(), says="properties.properties.remoteLoginPortPublicAccess is absent; 'Disabled' is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "an instance": _instance(UNKNOWN),
    "a cluster": _cluster(remoteLoginPortPublicAccess=UNKNOWN),
}
