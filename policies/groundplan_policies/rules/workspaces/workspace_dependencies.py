# SPDX-License-Identifier: Apache-2.0
"""A workspace names what it stands on, so that Azure makes nothing by itself.

Application Insights is not among the defaults: without it Azure makes nothing, endpoints are only not logged.
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
from groundplan_policies.subjects.workspaces import WORKSPACE, is_project


def check(workspace: Resource, given: Mapping[str, Any]) -> Found:
    """A project stands on what its hub stands on."""
    if is_project(workspace):
        return
    for name in given["needed"]:
        if not workspace.given(f"properties.{name}"):
            yield workspace.wrong(f"properties.{name}", "the ARM id of a resource of the platform's is needed")


RULE = Rule(
    id="GP-AML-031",
    slug="workspace-dependencies",
    title="A workspace names the account, the vault and the registry that it stands on",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-dependencies-explicit",),
    rationale=(
        "What is not named Azure makes at the first need, outside of the program: a registry of that kind is open to the internet "
        "and has its admin user on."
    ),
    remediation="Pass `container_registry_id` to `Workspace`, beside `storage_account_id` and `key_vault_id`.",
    absent="A violation for each of `needed` that is not named. Projects are not looked at.",
    unknown="A resource that is made in the same update counts as named; undecided where the kind of the workspace is not known.",
    parameters=(
        Parameter(
            name="needed",
            default=["storageAccount", "keyVault", "containerRegistry"],
            description="The properties that have to be there.",
            schema={
                "type": "array",
                "items": {"enum": ["storageAccount", "keyVault", "containerRegistry", "applicationInsights"]},
                "uniqueItems": True,
            },
        ),
    ),
    check=check,
)

_ALL = {"storageAccount": "/s", "keyVault": UNKNOWN, "containerRegistry": "/r"}
_NEEDED = "the ARM id of a resource of the platform's is needed"
GOOD: GoodCases = {
    "all named": {"kind": "Default", "properties": _ALL},
    "a project": {"kind": "Project"},
    "less is needed": Good({"kind": "Default"}, given={"needed": []}),
}
BAD: BadCases = {
    **{
        f"no {name}": Bad(
            {"kind": "Default", "properties": {**_ALL, name: None}}, says=f"properties.{name} is absent; {_NEEDED}"
        )
        for name in _ALL
    },
    "no logs of endpoints": Bad(
        {"kind": "Hub", "properties": _ALL},
        says=f"properties.applicationInsights is absent; {_NEEDED}",
        given={"needed": ["applicationInsights"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"the kind is decided later": {"kind": UNKNOWN}}
