# SPDX-License-Identifier: Apache-2.0
"""A sweep stops after a number of trials."""

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
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.job_definitions import JOB, SCHEDULE, definition_of


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """All trials, and those at a time."""
    definition = definition_of(found)
    if not definition.equals("jobType", "Sweep"):
        return
    ceilings = {"maxTotalTrials": given["trials"], "maxConcurrentTrials": given["concurrentTrials"]}

    def look(limit: View) -> Found:
        most = ceilings[limit.at.rpartition(".")[2]]
        number = limit.number()
        if number is None or number > most:
            yield limit.wrong("", f"at most {most} are allowed")

    yield from each_of((definition.view(f"limits.{name}") for name in ceilings), look)


RULE = Rule(
    id="GP-COST-009",
    slug="sweep-limits",
    title="A sweep stops after a number of trials",
    severity="medium",
    types=(JOB, SCHEDULE),
    controls=("mlo-sweep-limits",),
    rationale="A search space of four numbers has a million points, and each trial is a training that is paid for.",
    remediation="Set `limits.maxTotalTrials` and `limits.maxConcurrentTrials`, or raise the rule's own once the cost is agreed.",
    absent="A violation for sweeps: Azure tries up to a thousand times, all at once. Other jobs are not looked at.",
    parameters=(
        Parameter(
            name="trials",
            default=100,
            description="The most trials of one sweep.",
            schema={"type": "integer", "minimum": 1},
        ),
        Parameter(
            name="concurrentTrials",
            default=10,
            description="The most trials of one sweep at a time.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _sweep(total: object, concurrent: object, kind: str = "Sweep") -> dict[str, object]:
    limits = {"jobLimitsType": kind, "maxTotalTrials": total, "maxConcurrentTrials": concurrent}
    return {"properties": {"jobType": kind, "limits": limits}}


GOOD: GoodCases = {
    "at the ceilings": _sweep(100, 10),
    "agreed": Good(_sweep(500, 20), given={"trials": 500, "concurrentTrials": 20}),
    "a command": _sweep(None, None, "Command"),
}
BAD: BadCases = {
    "too many": Bad(_sweep(101, 10), says="properties.limits.maxTotalTrials is 101; at most 100 are allowed"),
    "too many at a time, whatever the total": Bad(
        _sweep(UNKNOWN, 11), says="properties.limits.maxConcurrentTrials is 11; at most 10 are allowed"
    ),
    "no end": Bad(_sweep(None, 10), says="properties.limits.maxTotalTrials is absent; at most 100 are allowed"),
    "of a schedule": Bad(
        {"type": SCHEDULE, "properties": {"action": {"jobDefinition": {"jobType": "Sweep"}}}},
        says="properties.action.jobDefinition.limits.maxConcurrentTrials is absent; at most 10 are allowed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"how many": _sweep(UNKNOWN, 10), "at a time": _sweep(100, UNKNOWN)}
