# SPDX-License-Identifier: Apache-2.0
"""A workspace that is open for some addresses is open for few."""

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
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.address_prefixes import prefix_length
from groundplan_policies.subjects.workspaces import WORKSPACE


def check(workspace: Resource, given: Mapping[str, Any]) -> Found:
    """The list and the rules of the firewall, which count while the workspace is reachable from the internet."""
    if workspace.equals("properties.publicNetworkAccess", "Disabled"):
        return
    shortest = given["shortestPrefix"]

    def of_block(block: View) -> Found:
        length = prefix_length(block.text())
        if length is not None and length < shortest:
            yield block.wrong("", f"a block of /{shortest} or smaller is needed")

    blocks = workspace.items("properties.ipAllowlist")
    blocks += [rule.view("value") for rule in workspace.items("properties.networkAcls.ipRules")]
    yield from each_of(blocks, of_block)


RULE = Rule(
    id="GP-AML-019",
    slug="workspace-ip-allowlist",
    title="A workspace lets in no wide block of addresses",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-ip-allowlist",),
    rationale="An allow list is a reason not to close a workspace only as long as everybody behind its addresses is known.",
    remediation="Name the addresses of the company's gateways; better, leave `public_network_access` of `Workspace` at False.",
    absent="Passes: whether a workspace without a list may be open is a rule of its own.",
    parameters=(
        Parameter(
            name="shortestPrefix",
            default=24,
            description="The widest block that may be let in, as the number behind its slash.",
            schema={"type": "integer", "minimum": 1, "maximum": 32},
        ),
    ),
    check=check,
)


def _listed(*blocks: object, access: object = "Enabled") -> dict[str, object]:
    return {"properties": {"publicNetworkAccess": access, "ipAllowlist": list(blocks)}}


def _rules(*blocks: object) -> dict[str, object]:
    return {"properties": {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": each} for each in blocks]}}}


_NEEDED = "a block of /24 or smaller is needed"
GOOD: GoodCases = {
    "one address": _listed("192.0.2.1"),
    "the widest block": _listed("192.0.2.0/24"),
    "closed all the same": _listed("0.0.0.0/0", access="disabled"),
    "no list": {"properties": {}},
    "no block": _listed("office"),
    "a block that was agreed": Good(_rules("198.51.0.0/16"), given={"shortestPrefix": 16}),
}
BAD: BadCases = {
    "everybody": Bad(_listed("192.0.2.1", "0.0.0.0/0"), says=f"properties.ipAllowlist[1] is '0.0.0.0/0'; {_NEEDED}"),
    "a block that is just too wide": Bad(
        _rules("192.0.2.0/23"), says=f"properties.networkAcls.ipRules[0].value is '192.0.2.0/23'; {_NEEDED}"
    ),
    "beside one that is not known": Bad(
        _listed(UNKNOWN, "10.0.0.0/8"), says=f"ipAllowlist[1] is '10.0.0.0/8'; {_NEEDED}"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _listed(UNKNOWN),
    "whether it is open is decided later": _listed("192.0.2.1", access=UNKNOWN),
}
