# SPDX-License-Identifier: Apache-2.0
"""Nobody can get into a job that a schedule starts."""

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
from groundplan_policies.subjects.job_definitions import SCHEDULE, definition_of

KIND = "jobServiceType"


def check(schedule: Resource, given: Mapping[str, Any]) -> Found:
    """Every service of the job by itself."""

    def look(service: View) -> Found:
        if service.equals(KIND, *given["refused"]):
            yield service.wrong(KIND, "no such service is allowed in a scheduled job")

    yield from each_of((service for _, service in definition_of(schedule).entries("services")), look)


RULE = Rule(
    id="GP-MLO-020",
    slug="schedule-no-interactive",
    title="No scheduled job opens a way in for people",
    severity="medium",
    types=(SCHEDULE,),
    controls=("mlo-interactive-services",),
    rationale="A terminal in a nightly job is a way to change what it trains, with its identity and without a trace in any repository.",
    remediation="Take the service out of the job, and debug with a job of your own that no schedule starts.",
    absent="Passes: the job opens nothing.",
    parameters=(
        Parameter(
            name="refused",
            default=["SSH", "JupyterLab", "VSCode"],
            description="Services, by `jobServiceType`, that scheduled jobs may not open.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _schedule(**services: object) -> dict[str, object]:
    found = {name: {"jobServiceType": kind} for name, kind in services.items()}
    return {"properties": {"action": {"jobDefinition": {"jobType": "Command", "services": found}}}}


_AT = "properties.action.jobDefinition.services"
_SAYS = "no such service is allowed in a scheduled job"

GOOD: GoodCases = {
    "pictures alone": _schedule(board="TensorBoard"),
    "agreed": Good(_schedule(terminal="SSH"), given={"refused": ["VSCode"]}),
    "no services": {"properties": {"action": {"jobDefinition": {"jobType": "Command"}}}},
}
BAD: BadCases = {
    "a shell": Bad(_schedule(terminal="ssh"), says=f"{_AT}.terminal.jobServiceType is 'ssh'; {_SAYS}"),
    "notebooks, whatever else there is": Bad(
        _schedule(a=UNKNOWN, lab="JupyterLab"), says=f"{_AT}.lab.jobServiceType is 'JupyterLab'; {_SAYS}"
    ),
    "an editor": Bad(_schedule(code="VSCode"), says=f"{_AT}.code.jobServiceType is 'VSCode'; {_SAYS}"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _schedule(a=UNKNOWN)}
