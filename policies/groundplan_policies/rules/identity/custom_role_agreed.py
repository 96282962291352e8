# SPDX-License-Identifier: Apache-2.0
"""A custom role is agreed, and says what it is for."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
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
from groundplan_policies.subjects.roles import DEFINITION

NAME = "properties.roleName"
DESCRIPTION = "properties.description"


def check(role: Resource, given: Mapping[str, Any]) -> Found:
    """Roles that Azure brings are nobody's to agree on."""
    if role.equals("properties.type", "BuiltInRole"):
        return
    if not role.has(DESCRIPTION):
        yield role.wrong(DESCRIPTION, "who needs the role, and for what, is needed")
    patterns: list[str] = given["names"]
    name = role.text(NAME).casefold()
    if not any(fnmatchcase(name, pattern.casefold()) for pattern in patterns):
        yield role.wrong(NAME, f"one of {', '.join(patterns)} is needed")


RULE = Rule(
    id="GP-IAM-009",
    slug="custom-role-agreed",
    title="A custom role is agreed, and says what it is for",
    severity="low",
    types=(DEFINITION,),
    controls=("gov-custom-roles",),
    rationale=(
        "Azure keeps its own roles up to date; one's own have to be looked after by somebody who knows why they exist. Some "
        "organizations allow none, or a few."
    ),
    remediation="Set `description` of `CustomRole`, and use a built-in role, or have the name added to `names` of this rule.",
    absent="A violation where there is no description.",
    parameters=(
        Parameter(
            name="names",
            default=["*"],
            description="Names of the custom roles that are agreed, with `*` for any text; an empty list allows none.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _role(name: object, description: object = "Calls endpoints") -> dict[str, object]:
    return {"properties": {"roleName": name, "description": description}}


_AGREED = {"names": ["ml *", "Scorer"]}
GOOD: GoodCases = {
    "any": _role("Scorer"),
    "by pattern": Good(_role("ML scoring"), given=_AGREED),
    "by name": Good(_role("scorer"), given=_AGREED),
    "built into Azure": Good({"properties": {"type": "BuiltInRole"}}, given={"names": []}),
}
BAD: BadCases = {
    "no description": Bad(
        _role("Scorer", ""), says="properties.description is ''; who needs the role, and for what, is needed"
    ),
    "not agreed": Bad(
        _role("Scorers"), says="properties.roleName is 'Scorers'; one of ml *, Scorer is needed", given=_AGREED
    ),
    "none at all": Bad(_role("Scorer"), says="properties.roleName is 'Scorer'; one of  is needed", given={"names": []}),
}
UNKNOWN_CASES: UnknownCases = {
    "name decided later": Good(_role(UNKNOWN), given=_AGREED),
    "description decided later": _role("Scorer", UNKNOWN),
    "kind decided later": {"properties": {"type": UNKNOWN}},
}
