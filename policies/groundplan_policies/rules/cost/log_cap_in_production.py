# SPDX-License-Identifier: Apache-2.0
"""In production no daily cap cuts off the logs.

The other side of GP-MON-009, which wants a cap outside of production: there a cap saves money; here it costs evidence where that is
needed most, on the day of an incident.
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
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.environments import PARAMETERS, is_production

CAP = "properties.workspaceCapping.dailyQuotaGb"


def check(workspace: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Azure writes no cap as -1."""
    if all_of(lambda: _is_capped(workspace), lambda: is_production(workspace, stack, given)):
        yield workspace.wrong(CAP, "no cap is needed in production; watch the volume with an alert or a budget instead")


def _is_capped(workspace: Resource) -> bool:
    cap = workspace.number(CAP)
    return cap is not None and cap >= 0


RULE = Rule(
    id="GP-COST-026",
    slug="log-cap-in-production",
    title="In production no daily cap cuts off the logs",
    severity="medium",
    types=("Microsoft.OperationalInsights/workspaces",),
    controls=("cost-log-cap-in-production",),
    rationale=(
        "Once a cap is reached, everything stops until the next day: audit logs, alerts on logs, and the traces of whoever filled the "
        "workspace up on purpose."
    ),
    remediation="Leave `daily_cap_gb` of `Monitoring` out, and add a `Budget` or a rule on the volume.",
    absent="Passes: without a setting there is no cap.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _workspace(cap: object, environment: object = "prod") -> dict[str, object]:
    return {"tags": {"environment": environment}, "properties": {"workspaceCapping": {"dailyQuotaGb": cap}}}


GOOD: GoodCases = {
    "no cap": _workspace(-1),
    "no cap, environment decided later": _workspace(-1, UNKNOWN),
    "not said": {"tags": {"environment": "prod"}, "properties": {}},
    "test": _workspace(5, "test"),
    "test, cap decided later": _workspace(UNKNOWN, "test"),
    "no environment": _workspace(5, None),
    "production in other words": Good(_workspace(5), given={"production": ["live"]}),
}
BAD: BadCases = {
    "capped": Bad(
        _workspace(5),
        says=(
            "properties.workspaceCapping.dailyQuotaGb is 5; no cap is needed in production; watch the volume with an alert or a budget "
            "instead"
        ),
    ),
    "capped at nothing": Bad(_workspace(0, "Production"), says="dailyQuotaGb is 0; no cap is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "cap decided later": _workspace(UNKNOWN),
    "environment decided later": _workspace(5, UNKNOWN),
}
