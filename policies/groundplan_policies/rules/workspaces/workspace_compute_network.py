# SPDX-License-Identifier: Apache-2.0
"""Jobs that name no compute run in a network of the platform: the managed one or a subnet.

A managed network and a subnet of one's own both keep jobs off Azure's shared network, so either passes.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import ISOLATION, WORKSPACE, has_managed_network, is_project

SUBNET = "properties.serverlessComputeSettings.serverlessComputeCustomSubnet"


def check(workspace: Resource) -> Found:
    """A project's jobs run in the network of its hub."""
    if is_project(workspace) or workspace.given(SUBNET) or has_managed_network(workspace):
        return
    yield workspace.wrong(ISOLATION, f"a managed network is needed, or a subnet in {SUBNET}")


RULE = Rule(
    id="GP-AML-006",
    slug="workspace-compute-network",
    title="Jobs that name no compute run in a managed network or in a subnet of the platform",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-managed-network-on", "aml-ws-serverless-subnet"),
    rationale=(
        "Anybody who may submit a job may leave out its compute. Without a network of the platform's such a job runs on Azure's "
        "shared one, with public addresses, past every firewall and private endpoint."
    ),
    remediation="Set `managed_network` of `Workspace`, or `serverless_compute=ServerlessCompute(subnet_id=...)`.",
    absent="A violation: Azure isolates nothing unless asked to. Projects are not looked at.",
    check=check,
)


def _isolated(mode: object) -> dict[str, object]:
    return {"properties": {"managedNetwork": {"isolationMode": mode}}}


GOOD: GoodCases = {
    "approved only": _isolated("AllowOnlyApprovedOutbound"),
    "open for outbound traffic": _isolated("AllowInternetOutbound"),
    "a subnet": {"properties": {"serverlessComputeSettings": {"serverlessComputeCustomSubnet": UNKNOWN}}},
    "a project has its hub's": {"kind": "Project"},
}
BAD: BadCases = {
    "switched off": Bad(
        _isolated("Disabled"), says=f"{ISOLATION} is 'Disabled'; a managed network is needed, or a subnet in {SUBNET}"
    ),
    "not said": Bad({"kind": "Hub"}, says=f"{ISOLATION} is absent; a managed network is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _isolated(UNKNOWN),
    "the whole network is made later": {"properties": {"managedNetwork": UNKNOWN}},
}
