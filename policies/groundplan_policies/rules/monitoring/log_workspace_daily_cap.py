# SPDX-License-Identifier: Apache-2.0
"""Outside of production a Log Analytics workspace stops taking logs at a daily cap."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.environments import PARAMETERS, is_elsewhere

CAP = "properties.workspaceCapping.dailyQuotaGb"


def check(workspace: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Azure writes no cap as -1. In production a cap would cut off the logs of an incident."""
    if not is_elsewhere(workspace, stack, given):
        return
    cap = workspace.number(CAP)
    if cap is None or cap <= 0:
        yield workspace.wrong(CAP, "more than 0 gigabytes a day are needed outside of production")


RULE = Rule(
    id="GP-MON-009",
    slug="log-workspace-daily-cap",
    title="Outside of production a Log Analytics workspace stops taking logs at a daily cap",
    severity="low",
    types=("Microsoft.OperationalInsights/workspaces",),
    controls=("log-daily-cap",),
    rationale="One training job in a loop can write more in a night than a project logs in a year, and ingestion is what logs cost.",
    remediation="Set `daily_cap_gb` of `Monitoring`.",
    absent="No cap is a violation. A workspace without a tag that names its environment passes.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _workspace(cap: object, environment: object) -> dict[str, object]:
    return {
        "name": "log",
        "properties": {"workspaceCapping": {"dailyQuotaGb": cap}},
        "tags": {"environment": environment},
    }


GOOD: GoodCases = {
    "capped": _workspace(0.023, "dev"),
    "production": _workspace(-1, "prod"),
    "nobody says where": {"name": "log", "properties": {}},
    "production in a company's words": Good(_workspace(-1, "live"), given={"production": ["live"]}),
}
BAD: BadCases = {
    "no cap": Bad(
        _workspace(-1, "dev"),
        says=(
            "properties.workspaceCapping.dailyQuotaGb is -1; more than 0 gigabytes a day are needed outside of production"
        ),
    ),
    "nothing": Bad(_workspace(0, "dev"), says="properties.workspaceCapping.dailyQuotaGb is 0;"),
    "not said": Bad(
        {"name": "log", "tags": {"environment": "dev"}}, says="properties.workspaceCapping.dailyQuotaGb is absent"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "cap decided later": _workspace(UNKNOWN, "dev"),
    "environment decided later": _workspace(-1, UNKNOWN),
}
