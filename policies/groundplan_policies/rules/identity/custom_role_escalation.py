# SPDX-License-Identifier: Apache-2.0
"""A custom role does not let its holders give themselves more."""

import re

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import any_among, each_of
from groundplan_policies.subjects.roles import DEFINITION

ESCALATING = (
    "Microsoft.Authorization/elevateAccess/action",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleDefinitions/write",
)


def check(role: Resource) -> Found:
    """What is taken away again by the same permission does not count."""
    if not role.equals("properties.type", "BuiltInRole"):
        yield from each_of(role.items("properties.permissions"), _look)


def _look(permission: View) -> Found:
    for operation in ESCALATING:
        if not _has(permission, "notActions", operation) and _has(permission, "actions", operation):
            yield Violation(
                f"{permission.at}.actions", f"{permission.at}.actions allows '{operation}'; a role without it is needed"
            )


def _has(permission: View, path: str, operation: str) -> bool:
    return any_among(permission.items(path), lambda action: _covers(action.text(), operation))


def _covers(action: str, operation: str) -> bool:
    return re.fullmatch(re.escape(action).replace(r"\*", ".*"), operation, re.IGNORECASE) is not None


RULE = Rule(
    id="GP-IAM-008",
    slug="custom-role-escalation",
    title="A custom role does not let its holders give themselves more",
    severity="high",
    types=(DEFINITION,),
    controls=("iam-custom-role-escalation",),
    rationale=(
        "Who writes role assignments or role definitions can become Owner; a custom role with that right is an Owner that no list of "
        "Owners shows."
    ),
    remediation=(
        "Take the operation out of `actions` of `CustomRole`, which refuses it unless `grants_access` is set; let people who give roles "
        "hold 'Role Based Access Control Administrator' with a condition."
    ),
    absent="Passes: a role without actions allows nothing.",
    check=check,
)


def _allows(*actions: object, **more: object) -> dict[str, object]:
    return {"properties": {"permissions": [{"actions": [*actions], **more}]}}


_TAKEN = ["Microsoft.Authorization/*/write", "Microsoft.Authorization/elevateAccess/action"]
GOOD: GoodCases = {
    "reads assignments": _allows("Microsoft.Authorization/roleAssignments/read"),
    "another service": _allows("Microsoft.Authorization.Other/roleAssignments/write"),
    "a longer operation": _allows("Microsoft.Authorization/roleAssignments/write/more"),
    "taken away": _allows("*", notActions=_TAKEN),
    "taken away, all decided later": _allows(UNKNOWN, notActions=_TAKEN),
    "nothing": {"properties": {}},
    "no actions": {"properties": {"permissions": [{"dataActions": ["*"]}]}},
    "built into Azure": {"properties": {"type": "BuiltInRole", "permissions": [{"actions": ["*"]}]}},
}
BAD: BadCases = {
    "writes assignments": Bad(
        _allows("Microsoft.Authorization/roleAssignments/write"),
        says=(
            "properties.permissions[0].actions allows 'Microsoft.Authorization/roleAssignments/write'; a role without it is needed"
        ),
    ),
    "writes definitions": Bad(
        _allows("microsoft.authorization/roledefinitions/*"),
        says="properties.permissions[0].actions allows 'Microsoft.Authorization/roleDefinitions/write'",
    ),
    "elevates access": Bad(
        _allows("*/action"),
        says="properties.permissions[0].actions allows 'Microsoft.Authorization/elevateAccess/action'",
    ),
    "taken away by another permission": Bad(
        {"properties": {"permissions": [{"actions": ["*"]}, {"notActions": _TAKEN}]}},
        says="properties.permissions[0].actions allows 'Microsoft.Authorization/roleAssignments/write'",
    ),
    "in the second permission": Bad(
        {"properties": {"permissions": [{"actions": UNKNOWN}, {"actions": [UNKNOWN, "*"]}]}},
        says="properties.permissions[1].actions allows 'Microsoft.Authorization/roleAssignments/write'",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "action decided later": _allows(UNKNOWN),
    "taken away or not, decided later": _allows("*", notActions=[UNKNOWN]),
    "all decided later": {"properties": {"permissions": UNKNOWN}},
}
