# SPDX-License-Identifier: Apache-2.0
"""Pools and pipelines of a Synapse workspace reach approved targets only."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

NETWORK = "properties.managedVirtualNetwork"
PREVENT = "properties.managedVirtualNetworkSettings.preventDataExfiltration"


def check(workspace: Resource) -> Found:
    """The network that Azure manages, and its switch against carrying data out."""
    if not workspace.equals(NETWORK, "default"):
        yield workspace.wrong(NETWORK, "'default' is needed")
    elif not workspace.equals(PREVENT, True):
        yield workspace.wrong(PREVENT, "true is needed")


RULE = Rule(
    id="GP-DAT-020",
    slug="synapse-outbound",
    title="Pools and pipelines of a Synapse workspace reach approved targets only",
    severity="medium",
    types=("Microsoft.Synapse/workspaces",),
    controls=("synapse-outbound",),
    rationale=(
        "Whoever may write a notebook can send the lake anywhere, unless the network knows where it may go. Neither setting can "
        "be changed later."
    ),
    remediation="Leave `unrestricted_outbound` of `SynapseWorkspace` at False and approve managed private endpoints.",
    absent="A violation: Azure makes no managed network, and none that is closed, unless asked to.",
    check=check,
)


def _workspace(network: object, prevent: object = None) -> dict[str, object]:
    settings = {"preventDataExfiltration": prevent}
    return {"properties": {"managedVirtualNetwork": network, "managedVirtualNetworkSettings": settings}}


GOOD: GoodCases = {"closed": _workspace("default", True)}
BAD: BadCases = {
    "no network": Bad(_workspace(""), says="properties.managedVirtualNetwork is ''; 'default' is needed"),
    "nothing said": Bad({"properties": {}}, says="properties.managedVirtualNetwork is absent"),
    "open": Bad(
        _workspace("default", False),
        says="properties.managedVirtualNetworkSettings.preventDataExfiltration is false; true is needed",
    ),
    "not said": Bad(_workspace("default"), says="preventDataExfiltration is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _workspace("default", UNKNOWN),
    "network decided later": _workspace(UNKNOWN, True),
}
