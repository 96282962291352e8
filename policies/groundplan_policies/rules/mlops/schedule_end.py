# SPDX-License-Identifier: Apache-2.0
"""A schedule ends some day, or belongs to somebody."""

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
from groundplan_policies.subjects.asset_references import asset_tag
from groundplan_policies.subjects.job_definitions import SCHEDULE, is_off

END = "properties.trigger.endTime"


def check(schedule: Resource, given: Mapping[str, Any]) -> Found:
    """Schedules that are on."""
    if is_off(schedule) or schedule.has(END) or asset_tag(schedule, given["tag"]):
        return
    yield schedule.wrong(END, f"an end is needed, or the tag {given['tag']!r}")


RULE = Rule(
    id="GP-MLO-013",
    slug="schedule-end",
    title="A schedule ends some day, or a tag says whose it is",
    severity="low",
    types=(SCHEDULE,),
    controls=("mlo-schedule-end",),
    rationale="A schedule goes on when its maker has left: it costs money every night, and nobody dares to switch it off.",
    remediation="Set `trigger.endTime`, or the tag that names an owner.",
    absent="A violation: Azure runs it for ever. Schedules that are off are not looked at.",
    parameters=(
        Parameter(
            name="tag",
            default="owner",
            description="The tag of a schedule, below its properties, that does instead of an end; any value will do.",
            schema={"type": "string", "minLength": 1},
        ),
    ),
    check=check,
)


def _schedule(end: object, on: object = None, **tags: object) -> dict[str, object]:
    return {"properties": {"isEnabled": on, "trigger": {"triggerType": "Cron", "endTime": end}, "tags": tags}}


GOOD: GoodCases = {
    "ends": _schedule("2027-01-01T00:00:00"),
    "somebody's": _schedule(None, Owner="vision"),
    "by another name": Good(_schedule(None, team="vision"), given={"tag": "team"}),
    "off": _schedule(None, on=False),
}
BAD: BadCases = {
    "neither": Bad(_schedule(None), says="properties.trigger.endTime is absent; an end is needed, or the tag 'owner'"),
    "nobody is named": Bad(_schedule("", on=True, owner=""), says="properties.trigger.endTime is ''; an end is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "the end": _schedule(UNKNOWN),
    "the owner": _schedule(None, owner=UNKNOWN),
    "whether it is on": _schedule(None, on=UNKNOWN),
}
