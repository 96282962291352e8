# SPDX-License-Identifier: Apache-2.0
"""Clusters of Databricks join a network of the platform."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Later, Resource, Rule, UnknownCases

NETWORK = "properties.parameters.customVirtualNetworkId.value"


def check(workspace: Resource) -> Found:
    """A serverless workspace has no clusters of its own. The id of a network that is still to be made will do."""
    if workspace.sources_of(NETWORK) or workspace.has(NETWORK):
        return
    if not workspace.equals("properties.computeMode", "Serverless"):
        yield workspace.wrong(NETWORK, "the id of a virtual network is needed")


RULE = Rule(
    id="GP-DAT-011",
    slug="databricks-network",
    title="Clusters of Databricks join a network of the platform",
    severity="medium",
    types=("Microsoft.Databricks/workspaces",),
    controls=("dbx-network",),
    rationale=(
        "The network that Azure makes for a workspace has no firewall, no route and no private endpoint of the platform's: "
        "whatever a notebook reads, it can send anywhere."
    ),
    remediation="Pass `virtual_network_id` with its subnets to `DatabricksWorkspace`.",
    absent="A violation: Azure makes a network of its own. A serverless workspace passes.",
    unknown="Passes where the id comes out of another resource; else undecided until the update knows it.",
    check=check,
)


def _workspace(network: object, mode: object = "Hybrid") -> dict[str, object]:
    parameters = {"customVirtualNetworkId": {"value": network}}
    return {"properties": {"computeMode": mode, "parameters": parameters}}


GOOD: GoodCases = {
    "joined": _workspace("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/vnet"),
    "network made in the same update": [
        _workspace(Later("vnet")),
        {"type": "Microsoft.Network/virtualNetworks", "name": "vnet", "new": True},
    ],
    "serverless": _workspace(None, "Serverless"),
}
BAD: BadCases = {
    "Azure's own network": Bad(
        _workspace(None),
        says=("properties.parameters.customVirtualNetworkId.value is absent; the id of a virtual network is needed"),
    ),
    "nothing said": Bad({"properties": {}}, says="properties.parameters.customVirtualNetworkId.value is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _workspace(UNKNOWN),
    "mode decided later": _workspace(None, UNKNOWN),
}
