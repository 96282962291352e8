# SPDX-License-Identifier: Apache-2.0
"""The older switch for access from the internet is off."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import WORKSPACE

FLAG = "properties.allowPublicAccessWhenBehindVnet"


def check(workspace: Resource) -> Found:
    """Whatever `publicNetworkAccess` says: two switches that contradict each other are nobody's intention."""
    if workspace.equals(FLAG, True):
        yield workspace.wrong(FLAG, "false is needed, or nothing at all")


RULE = Rule(
    id="GP-AML-002",
    slug="workspace-legacy-public-flag",
    title="A workspace with a private endpoint is not opened to the internet by the older flag",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-legacy-public-flag",),
    rationale=(
        "The flag lets the internet in beside a private endpoint. Clients of older API versions still read and write it, so a "
        "leftover may open what `publicNetworkAccess` is meant to close."
    ),
    remediation="Leave out `allowPublicAccessWhenBehindVnet`; `public_network_access` of `Workspace` is the one switch.",
    absent="Passes: the flag is off unless somebody sets it.",
    check=check,
    remedy={FLAG: False},
)

GOOD: GoodCases = {
    "off": {"properties": {"allowPublicAccessWhenBehindVnet": False}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "on": Bad(
        {"properties": {"allowPublicAccessWhenBehindVnet": True, "publicNetworkAccess": "Disabled"}},
        says=f"{FLAG} is true; false is needed, or nothing at all",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"allowPublicAccessWhenBehindVnet": UNKNOWN}}}
