# SPDX-License-Identifier: Apache-2.0
"""A workspace does not run in the mode of the first API version.

A built-in policy wants the opposite. The mode keeps calls off the public endpoint of Azure Resource Manager, at the price of everything
that the second version brought, managed online endpoints first of all; the first version is at its end. So there is no rule that
demands the mode: whoever depends on it switches this one off.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import WORKSPACE

MODE = "properties.v1LegacyMode"


def check(workspace: Resource) -> Found:
    """Only an explicit true is the mode."""
    if workspace.equals(MODE, True):
        yield workspace.wrong(
            MODE, "false is needed for managed online endpoints and all else of the second API version"
        )


RULE = Rule(
    id="GP-AML-025",
    slug="workspace-v1-legacy",
    title="A workspace is not held in the mode of the first API version",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-v1-legacy",),
    rationale=(
        "In that mode the second version of the API is off: endpoints, pipelines and registries that a platform is built on fail one "
        "by one. The policy that asks for the mode protects clients of the first version, and does not fit where none is left."
    ),
    remediation="Leave `v1LegacyMode` out; `Workspace` sets it to false. Move clients of the first version before.",
    absent="Passes: Azure takes it for false.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"v1LegacyMode": False}}, "not said": {"properties": {}}}
BAD: BadCases = {
    "on": Bad(
        {"properties": {"v1LegacyMode": True}},
        says=f"{MODE} is true; false is needed for managed online endpoints and all else of the second API version",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"v1LegacyMode": UNKNOWN}}}
