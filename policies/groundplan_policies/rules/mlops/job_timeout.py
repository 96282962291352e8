# SPDX-License-Identifier: Apache-2.0
"""A job ends after a time, whatever happens.

Pipelines and Spark jobs are not looked at: Azure has no limit for them as a whole.
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
from groundplan_policies.subjects.durations import seconds
from groundplan_policies.subjects.job_definitions import JOB, SCHEDULE, definition_of


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Commands, sweeps and automated training; the latter has a limit of Azure's own."""
    definition = definition_of(found)
    if definition.equals("jobType", "Command", "Sweep"):
        path, own = "limits.timeout", ""
    elif definition.equals("jobType", "AutoML"):
        path, own = "taskDetails.limitSettings.timeout", "PT6H"
    else:
        return
    length = seconds(definition.text(path) or own)
    if length is None or length > given["hours"] * 3600:
        yield definition.wrong(path, f"a duration of at most PT{given['hours']}H is needed")


RULE = Rule(
    id="GP-MLO-012",
    slug="job-timeout",
    title="A job ends after a time, whatever happens",
    severity="medium",
    types=(JOB, SCHEDULE),
    controls=("mlo-job-timeout",),
    rationale="A job that hangs keeps its nodes for up to three weeks, and all of them are paid for.",
    remediation="Set `limits.timeout` of the job, or raise `hours` for trainings that take longer.",
    absent="A violation for commands and sweeps: Azure ends a cluster's job after 21 days. Automated training ends after 6 hours.",
    parameters=(
        Parameter(
            name="hours",
            default=24,
            description="The most hours that a job may take.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _job(timeout: object, kind: str = "Command") -> dict[str, object]:
    return {"properties": {"jobType": kind, "limits": {"jobLimitsType": kind, "timeout": timeout}}}


def _automated(timeout: object) -> dict[str, object]:
    return {"properties": {"jobType": "AutoML", "taskDetails": {"limitSettings": {"timeout": timeout}}}}


def _schedule(definition: object) -> dict[str, object]:
    return {"type": SCHEDULE, "properties": {"action": {"jobDefinition": definition}}}


GOOD: GoodCases = {
    "an hour": _job("PT1H"),
    "at the ceiling": _job("P1D", "Sweep"),
    "agreed": Good(_job("P3D"), given={"hours": 72}),
    "Azure's own": Good(_automated(None), given={"hours": 6}),
    "automated": _automated("PT2H"),
    "a pipeline": Good(_job(None, "Pipeline"), given={"hours": 1}),
    "a schedule of something else": _schedule(None),
}
BAD: BadCases = {
    "never": Bad(_job(None), says="properties.limits.timeout is absent; a duration of at most PT24H is needed"),
    "never for a sweep": Bad(_job(None, "Sweep"), says="properties.limits.timeout is absent"),
    "a second above": Bad(_job("PT86401S"), says="is 'PT86401S'; a duration of at most PT24H is needed"),
    "automated": Bad(
        _automated("P2D"),
        says="properties.taskDetails.limitSettings.timeout is 'P2D'; a duration of at most PT24H is needed",
    ),
    "Azure's own is too long": Bad(
        _automated(None), says="timeout is absent; a duration of at most PT5H is needed", given={"hours": 5}
    ),
    "of a schedule": Bad(
        _schedule({"jobType": "Command"}), says="properties.action.jobDefinition.limits.timeout is absent"
    ),
}
UNKNOWN_CASES: UnknownCases = {"the time": _job(UNKNOWN), "what it is": _schedule({"jobType": UNKNOWN})}
