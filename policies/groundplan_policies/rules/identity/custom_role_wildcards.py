# SPDX-License-Identifier: Apache-2.0
"""A custom role lists what it allows."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    View,
    leaves,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.roles import DEFINITION

ACTIONS = "properties.permissions[].actions[]"
DATA_ACTIONS = "properties.permissions[].dataActions[]"


def check(role: Resource, given: Mapping[str, Any]) -> Found:
    """Reading settings by a wildcard is no harm; reading data by one is."""

    def settings(action: View) -> Found:
        if not (given["reads"] and action.text().casefold().endswith("/read")):
            yield from listed(action)

    def listed(action: View) -> Found:
        if "*" in action.text():
            yield action.wrong("", "every operation by its name is needed")

    if not role.equals("properties.type", "BuiltInRole"):
        yield from each_of(leaves(role, ACTIONS), settings)
        yield from each_of(leaves(role, DATA_ACTIONS), listed)


RULE = Rule(
    id="GP-IAM-006",
    slug="custom-role-wildcards",
    title="A custom role lists what it allows",
    severity="medium",
    types=(DEFINITION,),
    controls=("iam-custom-role-scope",),
    rationale=(
        "A wildcard takes in what Azure adds next year, and rights that nobody thought of, such as listing keys: the role grows without "
        "anybody's decision."
    ),
    remediation="Name the operations in `actions` and `data_actions` of `CustomRole`, which refuses wildcards unless `wildcards` is set.",
    absent="Passes: a role without actions allows nothing. What is taken away by notActions may be a wildcard.",
    parameters=(
        Parameter(
            name="reads",
            default=True,
            description="Wildcards that only read settings, such as `Microsoft.Network/*/read`, are allowed.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _allows(*actions: object, **more: object) -> dict[str, object]:
    return {"properties": {"permissions": [{"actions": [*actions], **more}]}}


_SCORE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"
GOOD: GoodCases = {
    "one operation": _allows(_SCORE),
    "reads": _allows("Microsoft.Network/*/Read"),
    "wildcards taken away": _allows(_SCORE, notActions=["Microsoft.Authorization/*"], notDataActions=["*"]),
    "nothing": {"properties": {}},
    "built into Azure": {
        "properties": {"type": "BuiltInRole", "permissions": [{"actions": ["*"], "dataActions": ["*"]}]}
    },
}
BAD: BadCases = {
    "everything": Bad(
        _allows(_SCORE, "*"), says="properties.permissions[0].actions[1] is '*'; every operation by its name is needed"
    ),
    "everything of one service": Bad(
        _allows("Microsoft.Storage/*"),
        says="properties.permissions[0].actions[0] is 'Microsoft.Storage/*'; every operation by its name is needed",
    ),
    "all data read": Bad(
        _allows(dataActions=["Microsoft.Storage/*/read"]),
        says="properties.permissions[0].dataActions[0] is 'Microsoft.Storage/*/read'; every operation by its name is needed",
    ),
    "reads that are not agreed": Bad(
        _allows("Microsoft.Network/*/read"),
        says="properties.permissions[0].actions[0] is 'Microsoft.Network/*/read'",
        given={"reads": False},
    ),
    "beside one that is decided later": Bad(_allows(UNKNOWN, "*"), says="properties.permissions[0].actions[1] is '*'"),
}
UNKNOWN_CASES: UnknownCases = {
    "action decided later": _allows(UNKNOWN),
    "data action decided later": _allows(dataActions=[UNKNOWN]),
    "all decided later": {"properties": {"permissions": UNKNOWN}},
}
