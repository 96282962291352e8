# SPDX-License-Identifier: Apache-2.0
"""Nodes of serverless compute have no public addresses.

The setting means nodes in a subnet of the platform's. Whether there is such a subnet or a managed network is a rule of its own, so a
workspace that says nothing passes here.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import WORKSPACE, has_managed_network

NO_PUBLIC_IP = "properties.serverlessComputeSettings.serverlessComputeNoPublicIP"
SUBNET = "properties.serverlessComputeSettings.serverlessComputeCustomSubnet"


def check(workspace: Resource) -> Found:
    """In a managed network the nodes are Azure's business."""
    if not (workspace.given(SUBNET) or workspace.given(NO_PUBLIC_IP)) or workspace.equals(NO_PUBLIC_IP, True):
        return
    if not has_managed_network(workspace):
        yield workspace.wrong(NO_PUBLIC_IP, "true is needed")


RULE = Rule(
    id="GP-AML-018",
    slug="workspace-serverless-public-ip",
    title="Nodes of serverless compute have no public addresses",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-serverless-nopip",),
    rationale="A node with a public address goes around the firewall of the subnet that it is in, and can be reached from outside.",
    remediation="Leave `public_ip` of `ServerlessCompute` at False; the subnet then needs a NAT gateway or a route to a firewall.",
    absent="A violation where there is a subnet; passes where the workspace says nothing about serverless compute.",
    check=check,
)


def _serverless(no_public_ip: object, subnet: object = None, mode: object = None) -> dict[str, object]:
    settings = {"serverlessComputeCustomSubnet": subnet, "serverlessComputeNoPublicIP": no_public_ip}
    return {"properties": {"serverlessComputeSettings": settings, "managedNetwork": {"isolationMode": mode}}}


GOOD: GoodCases = {
    "none": _serverless(True, UNKNOWN),
    "nothing said": {"properties": {}},
    "a managed network": _serverless(False, mode="AllowInternetOutbound"),
}
BAD: BadCases = {
    "addresses": Bad(_serverless(False), says=f"{NO_PUBLIC_IP} is false; true is needed"),
    "a subnet, and no word of addresses": Bad(
        _serverless(None, UNKNOWN, "Disabled"), says=f"{NO_PUBLIC_IP} is absent; true is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _serverless(UNKNOWN),
    "the network is decided later": _serverless(False, mode=UNKNOWN),
}
