# SPDX-License-Identifier: Apache-2.0
"""Roles on data are given on what holds the data."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.roles import ASSIGNMENT, LIST, ROLE, ROLES, gives, role_name
from groundplan_policies.subjects.scopes import GROUP, WORDS, breadth


def check(assignment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Reading settings of a whole subscription is a task; reading all its data is none."""
    wide = ["subscription", "managementGroup", *([] if given["groups"] else ["resourceGroup"])]
    if all_of(
        lambda: breadth(assignment, stack) in wide,
        lambda: gives(assignment, stack, given["roles"]),
    ):
        name, where = role_name(assignment, stack), WORDS[breadth(assignment, stack)]
        yield Violation(
            ROLE, f"{ROLE} gives {name} on {where}; the resource that holds the data is needed as its scope"
        )


RULE = Rule(
    id="GP-IAM-011",
    slug="data-role-scope",
    title="A role on data is not given on a whole subscription",
    severity="high",
    types=(ASSIGNMENT,),
    controls=("iam-data-role-scope",),
    rationale=(
        "On a subscription such a role opens every account and vault in it, those of other teams and those to come; one stolen token reads "
        "them all."
    ),
    remediation="Use `role_grants` of the storage account, vault or service, whose scope is the resource itself.",
    absent="Passes: Azure refuses an assignment without a role.",
    unknown="Undecided, unless the scope is narrower or the role another.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="roles",
            default=[
                "Azure Event Hubs Data Owner",
                "Azure Event Hubs Data Receiver",
                "Azure Event Hubs Data Sender",
                "Cognitive Services OpenAI User",
                "Cognitive Services User",
                "Key Vault Administrator",
                "Key Vault Certificates Officer",
                "Key Vault Crypto Officer",
                "Key Vault Crypto User",
                "Key Vault Secrets Officer",
                "Key Vault Secrets User",
                "Search Index Data Contributor",
                "Search Index Data Reader",
                "Storage Blob Data Contributor",
                "Storage Blob Data Owner",
                "Storage Blob Data Reader",
                "Storage File Data Privileged Contributor",
                "Storage File Data Privileged Reader",
                "Storage Queue Data Contributor",
                "Storage Table Data Contributor",
            ],
            description="Roles that open what resources hold, by name or GUID.",
            schema=LIST,
        ),
        Parameter(
            name="groups",
            default=True,
            description="A resource group is narrow enough.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)

_ROLES = "/providers/Microsoft.Authorization/roleDefinitions/"
_SECRETS = f"{_ROLES}4633458b-17de-408a-b874-0445c86b69e6"
_MONITORING = f"{_ROLES}43d0d8ad-25c7-4714-9337-8ba259a9fe05"
_GROUP = "/subscriptions/s/resourceGroups/rg-ml"


def _on(scope: object, role: object = _SECRETS) -> dict[str, object]:
    return {"scope": scope, "properties": {"roleDefinitionId": role}}


GOOD: GoodCases = {
    "on a vault": _on(f"{_GROUP}/providers/Microsoft.KeyVault/vaults/kv"),
    "on a resource group": _on(_GROUP),
    "on a new vault, where groups are too wide": Good(
        [_on(Later("kv")), {"type": "Microsoft.KeyVault/vaults", "name": "kv", "new": True}], given={"groups": False}
    ),
    "role on settings of a subscription": _on("/subscriptions/s", _MONITORING),
    "role on settings, where decided later": _on(UNKNOWN, _MONITORING),
    "role decided later on a resource group": _on(_GROUP, UNKNOWN),
    "agreed": Good(_on("/subscriptions/s"), given={"roles": ["Key Vault Secrets Officer"]}),
}
BAD: BadCases = {
    "on a subscription": Bad(
        _on("/subscriptions/s"),
        says=(
            "properties.roleDefinitionId gives Key Vault Secrets User on a subscription; the resource that holds the data is needed as its "
            "scope"
        ),
    ),
    "on a management group": Bad(
        _on("/providers/Microsoft.Management/managementGroups/ml"),
        says="gives Key Vault Secrets User on a management group; the resource",
    ),
    "on a resource group, where that is too wide": Bad(
        _on(_GROUP), says="gives Key Vault Secrets User on a resource group; the resource", given={"groups": False}
    ),
    "on a new resource group, where that is too wide": Bad(
        [_on(Later("rg-ml")), {"type": GROUP, "name": "rg-ml", "new": True}],
        says="gives Key Vault Secrets User on a resource group",
        given={"groups": False},
    ),
    **{
        name: Bad(_on("/subscriptions/s", f"{_ROLES}{ROLES[name]}"), says=f"gives {name} on a subscription")
        for name in RULE.parameters[0].default
    },
}
UNKNOWN_CASES: UnknownCases = {
    "role decided later": _on("/subscriptions/s", UNKNOWN),
    "scope decided later": _on(UNKNOWN),
}
