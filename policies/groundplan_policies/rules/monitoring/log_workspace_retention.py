# SPDX-License-Identifier: Apache-2.0
"""A Log Analytics workspace keeps logs as long as needed and no longer than paid for."""

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

DAYS = "properties.retentionInDays"
AZURES_OWN = 30
"""Days that Azure keeps logs of a workspace that does not say how long."""


def check(workspace: Resource, given: Mapping[str, Any]) -> Found:
    """Between the two bounds, both included."""
    days = workspace.number(DAYS)
    if days is None:
        days = AZURES_OWN
    if days < given["minimumDays"]:
        yield workspace.wrong(DAYS, f"at least {given['minimumDays']} days are needed")
    if days > given["maximumDays"]:
        yield workspace.wrong(DAYS, f"at most {given['maximumDays']} days are allowed")


RULE = Rule(
    id="GP-MON-007",
    slug="log-workspace-retention",
    title="A Log Analytics workspace keeps logs as long as needed and no longer than agreed",
    severity="medium",
    types=("Microsoft.OperationalInsights/workspaces",),
    controls=("log-retention",),
    rationale=(
        "Intrusions are found months later, when logs that were kept for weeks are gone; and each month beyond the first is paid "
        "for by the gigabyte. Both bounds are a decision, so both are parameters."
    ),
    remediation="Set `retention_days` of `Monitoring`; what is asked for rarely is cheaper in the archive of a table (`LogTable`).",
    absent="Azure keeps 30 days, so that is what is compared.",
    parameters=(
        Parameter(
            name="minimumDays",
            default=30,
            description="Days that logs are kept at least.",
            schema={"type": "integer", "minimum": 1},
        ),
        Parameter(
            name="maximumDays",
            default=730,
            description="Days that logs may be kept at most in the workspace itself.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _kept(days: object) -> dict[str, object]:
    return {"properties": {"retentionInDays": days}}


GOOD: GoodCases = {
    "at the lower bound": _kept(30),
    "at the upper bound": _kept(730),
    "Azure's own": {"properties": {}},
    "as a company wants it": Good(_kept(180), given={"minimumDays": 180, "maximumDays": 180}),
    "the first thirty days, no more": Good({"properties": {}}, given={"maximumDays": 30}),
}
BAD: BadCases = {
    "below": Bad(_kept(29), says="properties.retentionInDays is 29; at least 30 days are needed"),
    "above": Bad(_kept(731), says="properties.retentionInDays is 731; at most 730 days are allowed"),
    "not said, and more is needed": Bad(
        {"properties": {}},
        says="properties.retentionInDays is absent; at least 31 days are needed",
        given={"minimumDays": 31},
    ),
    "not said, and less is allowed": Bad(
        {"properties": {}}, says="is absent; at most 29 days are allowed", given={"minimumDays": 1, "maximumDays": 29}
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _kept(UNKNOWN)}
