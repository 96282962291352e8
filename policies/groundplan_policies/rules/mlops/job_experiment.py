# SPDX-License-Identifier: Apache-2.0
"""A job belongs to an experiment with a name."""

import re
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
from groundplan_policies.subjects.job_definitions import JOB, SCHEDULE, definition_of

NAME = "experimentName"


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Whatever a schedule starts that is no job has no experiment."""
    definition = definition_of(found)
    if not definition.has(""):
        return
    name = definition.text(NAME)
    if name.casefold() == "default" or not re.search(given["pattern"], name):
        yield definition.wrong(NAME, f"a name that fits {given['pattern']} is needed")


RULE = Rule(
    id="GP-MLO-019",
    slug="job-experiment",
    title="A job belongs to an experiment with a name of its own",
    severity="low",
    types=(JOB, SCHEDULE),
    controls=("mlo-experiment",),
    rationale="In the experiment `Default` the runs of all teams lie on one heap, where nobody compares or finds anything.",
    remediation="Set `experimentName` of the job to what it is about.",
    absent="A violation: Azure puts the job into the experiment `Default`.",
    parameters=(
        Parameter(
            name="pattern",
            default="^[A-Za-z0-9][A-Za-z0-9_-]*$",
            description="A regular expression that names of experiments fit; `Default` never does.",
            schema={"type": "string", "format": "regex"},
        ),
    ),
    check=check,
)


def _job(name: object) -> dict[str, object]:
    return {"properties": {"jobType": "Command", "experimentName": name}}


GOOD: GoodCases = {
    "a name": _job("churn-2_weekly"),
    "of your kind": Good(_job("team/churn"), given={"pattern": "^team/"}),
    "a monitor": {"type": SCHEDULE, "properties": {"action": {"actionType": "CreateMonitor"}}},
}
BAD: BadCases = {
    "the heap": Bad(
        _job("default"),
        says="properties.experimentName is 'default'; a name that fits ^[A-Za-z0-9][A-Za-z0-9_-]*$ is needed",
    ),
    "not said": Bad(_job(None), says="properties.experimentName is absent; a name that fits"),
    "not of your kind": Bad(
        _job("churn"), says="is 'churn'; a name that fits ^team/ is needed", given={"pattern": "^team/"}
    ),
    "of a schedule": Bad(
        {"type": SCHEDULE, "properties": {"action": {"jobDefinition": {"jobType": "Pipeline"}}}},
        says="properties.action.jobDefinition.experimentName is absent",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _job(UNKNOWN)}
