# SPDX-License-Identifier: Apache-2.0
"""A managed network lets out only what is approved.

Where compute joins a network of the platform's own, that network's firewall decides what goes out, so a workspace without a managed
network passes unless `everywhere` is set; whether there is a network at all is a rule of its own.
"""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.workspaces import APPROVED, ISOLATION, WORKSPACE, has_managed_network, is_project


def check(workspace: Resource, given: Mapping[str, Any]) -> Found:
    """A project has the network of its hub."""
    if is_project(workspace) or not (given["everywhere"] or has_managed_network(workspace)):
        return
    if not workspace.equals(ISOLATION, *given["modes"]):
        yield workspace.wrong(ISOLATION, f"{' or '.join(map(repr, given['modes']))} is needed")


RULE = Rule(
    id="GP-AML-005",
    slug="workspace-approved-outbound",
    title="The managed network of a workspace lets out only what is approved",
    severity="high",
    types=(WORKSPACE,),
    controls=("aml-ws-managed-network",),
    rationale=(
        "A job reads the platform's data and runs code from anywhere. With the internet open to it, one poisoned package is enough "
        "to carry that data away."
    ),
    remediation="Set `managed_network` of `Workspace` to `ManagedNetwork(rules=...)`; `outbound_preset` has the hosts of common purposes.",
    absent="Passes, as there is no managed network; a violation where `everywhere` is set. Projects are not looked at.",
    parameters=(
        Parameter(
            name="modes",
            default=[APPROVED],
            description="The isolation modes that are allowed.",
            schema={
                "type": "array",
                "items": {"enum": ["AllowInternetOutbound", APPROVED]},
                "minItems": 1,
                "uniqueItems": True,
            },
        ),
        Parameter(
            name="everywhere",
            default=False,
            description="Whether every workspace needs such a network, also one whose compute joins a subnet.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _isolated(mode: object, kind: str = "Default") -> dict[str, object]:
    return {"kind": kind, "properties": {"managedNetwork": {"isolationMode": mode}}}


GOOD: GoodCases = {
    "approved only": _isolated(APPROVED),
    "no managed network": {"kind": "Default"},
    "switched off": _isolated("Disabled"),
    "the internet was agreed": Good(
        _isolated("allowInternetOutbound"), given={"modes": ["AllowInternetOutbound", APPROVED]}
    ),
    "a project has its hub's": Good(_isolated("AllowInternetOutbound", "Project"), given={"everywhere": True}),
}
BAD: BadCases = {
    "the internet is open": Bad(
        _isolated("AllowInternetOutbound"),
        says=f"{ISOLATION} is 'AllowInternetOutbound'; 'AllowOnlyApprovedOutbound' is needed",
    ),
    "every workspace needs one": Bad(
        {"kind": "Default"},
        says=f"{ISOLATION} is absent; 'AllowInternetOutbound' or 'AllowOnlyApprovedOutbound' is needed",
        given={"everywhere": True, "modes": ["AllowInternetOutbound", APPROVED]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _isolated(UNKNOWN)}
