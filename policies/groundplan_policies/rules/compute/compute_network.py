# SPDX-License-Identifier: Apache-2.0
"""Clusters and instances are in a network.

Published checks ask for a subnet in any case; a workspace with a managed network takes none, so there the rule asks for nothing.
Where the stack does not have the workspace, a machine without a public address tells: outside a managed network Azure makes none
without a subnet.
"""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.computes import PUBLIC_IP, SUBNET, is_rented
from groundplan_policies.subjects.managed_network import joins_managed_network
from groundplan_policies.subjects.workspaces import WORKSPACE

SUBNET_ID = f"{SUBNET}.id"


def check(compute: Resource, stack: Stack) -> Found:
    """A subnet that the program gives counts, even if its id is not known yet."""
    if not is_rented(compute):
        return
    if compute.get(SUBNET) and compute.given(SUBNET_ID):
        return
    managed = joins_managed_network(stack.parent(compute), stack)
    if managed is None:
        managed = compute.equals(PUBLIC_IP, False)
    if not managed:
        yield compute.wrong(SUBNET_ID, "a subnet is needed, or a workspace with a managed network")


RULE = Rule(
    id="GP-CMP-002",
    slug="compute-network",
    title="Clusters and instances are in a virtual network",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-compute-vnet",),
    rationale="Machines outside your networks reach the whole internet, and your private data only if it is open to the internet too.",
    remediation="Pass `subnet_id` to `ComputeCluster` or `ComputeInstance`, or give the workspace a managed network.",
    absent="A violation for clusters and instances, unless the workspace has a managed network.",
    unknown="A subnet whose id is not known yet is one. Undecided where the workspace's kind of network is not known.",
    needs_stack=True,
    check=check,
)


def _cluster(**properties: object) -> dict[str, object]:
    return {"name": "mlw/cpu", "properties": {"computeType": "AmlCompute", "properties": properties}}


def _workspace(mode: object, name: str = "mlw", **more: object) -> dict[str, object]:
    return {"type": WORKSPACE, "name": name, "properties": {"managedNetwork": {"isolationMode": mode}}} | more


_PROJECT = {"type": WORKSPACE, "name": "mlw", "kind": "Project", "properties": {"hubResourceId": Later("hub")}}

GOOD: GoodCases = {
    "in a subnet": _cluster(subnet={"id": "/subnets/training"}),
    "in a subnet made with it": _cluster(subnet={"id": UNKNOWN}),
    "in a managed network": [_cluster(), _workspace("AllowOnlyApprovedOutbound")],
    "in a managed network with the internet": [_cluster(), _workspace("AllowInternetOutbound")],
    "all new": [_cluster() | {"parent": Later("mlw")}, _workspace("AllowInternetOutbound", new=True)],
    "of a project whose hub has one": [
        _cluster(),
        _PROJECT,
        _workspace("AllowInternetOutbound", "hub", new=True),
    ],
    "of a project whose hub is elsewhere": [_cluster(enableNodePublicIp=False), _PROJECT],
    "without a public address, of a workspace elsewhere": _cluster(enableNodePublicIp=False),
    "attached": {"properties": {"computeType": "Kubernetes"}},
}
BAD: BadCases = {
    "in no network": Bad(
        _cluster(subnet={"id": None}),
        says="properties.properties.subnet.id is absent; a subnet is needed, or a workspace with a managed network",
    ),
    "an instance with a public address": Bad(
        {"properties": {"computeType": "ComputeInstance", "properties": {"enableNodePublicIp": True}}},
        says="properties.properties.subnet.id is absent; a subnet is needed, or a workspace with a managed network",
    ),
    "of a workspace without one": Bad(
        [_cluster(enableNodePublicIp=False), _workspace("Disabled")],
        says="properties.properties.subnet.id is absent; a subnet is needed, or a workspace with a managed network",
    ),
    "of a project whose hub has none": Bad(
        [_cluster(enableNodePublicIp=False), _PROJECT, _workspace("Disabled", "hub", new=True)],
        says="properties.properties.subnet.id is absent; a subnet is needed, or a workspace with a managed network",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the workspace's network": [_cluster(), _workspace(UNKNOWN)],
    "what it is": {"properties": {"computeType": UNKNOWN}},
    "the whole subnet": _cluster(subnet=UNKNOWN),
}
