# SPDX-License-Identifier: Apache-2.0
"""Policies that are assigned are enforced."""

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

MODE = "properties.enforcementMode"


def check(assignment: Resource, given: Mapping[str, Any]) -> Found:
    """A policy on trial is agreed by name."""
    name = (assignment.short_name or "").casefold()
    agreed = any(fnmatchcase(name, pattern.casefold()) for pattern in given["names"])
    if not agreed and assignment.equals(MODE, "DoNotEnforce"):
        yield assignment.wrong(MODE, "'Default' is needed; a policy that only reports has the effect 'Audit'")


RULE = Rule(
    id="GP-GOV-011",
    slug="policy-enforced",
    title="Policies that are assigned are enforced",
    severity="medium",
    types=("Microsoft.Authorization/policyAssignments",),
    controls=("gov-policy-enforced",),
    rationale="A policy that is not enforced denies nothing and changes nothing, and still counts as one that is in place.",
    remediation="Leave `enforce` of `Policy` at True, or list the assignment in `names` while it is tried.",
    absent="Passes: Azure enforces.",
    parameters=(
        Parameter(
            name="names",
            default=[],
            description="Names of assignments that are on trial, with `*` for any text.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _policy(mode: object, **more: object) -> dict[str, object]:
    return {"name": "no-public-workspace", "properties": {"enforcementMode": mode}, **more}


GOOD: GoodCases = {
    "enforced": _policy("Default"),
    "not said": _policy(None),
    "on trial": Good(_policy("DoNotEnforce"), given={"names": ["other", "No-Public-*"]}),
    "on trial, in another letter case": Good(
        _policy("DoNotEnforce", name="No-Public-Workspace"), given={"names": ["no-public-*"]}
    ),
    "on trial, decided later": Good(_policy(UNKNOWN), given={"names": ["no-*"]}),
}
BAD: BadCases = {
    "not enforced": Bad(
        _policy("donotenforce"),
        says=(
            "properties.enforcementMode is 'donotenforce'; 'Default' is needed; a policy that only reports has the effect 'Audit'"
        ),
    ),
    "another is on trial": Bad(_policy("DoNotEnforce"), says="is 'DoNotEnforce'", given={"names": ["public-*"]}),
    "name decided later": Bad(_policy("DoNotEnforce", name=UNKNOWN), says="is 'DoNotEnforce'", given={"names": ["n*"]}),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _policy(UNKNOWN)}
