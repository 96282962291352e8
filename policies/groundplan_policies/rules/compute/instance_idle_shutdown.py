# SPDX-License-Identifier: Apache-2.0
"""A compute instance that nobody uses stops by itself.

A schedule that stops it in the evening is no replacement: nothing stops an instance that is started again on a Saturday.
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
from groundplan_policies.subjects.computes import is_instance
from groundplan_policies.subjects.durations import seconds

IDLE = "properties.properties.idleTimeBeforeShutdown"


def check(compute: Resource, given: Mapping[str, Any]) -> Found:
    """Instances only: clusters have a time of their own."""
    if not is_instance(compute):
        return
    length = seconds(compute.text(IDLE))
    if length is None or length > given["minutes"] * 60:
        yield compute.wrong(IDLE, f"a duration of at most PT{given['minutes']}M is needed")


RULE = Rule(
    id="GP-COST-004",
    slug="instance-idle-shutdown",
    title="A compute instance that nobody uses stops by itself",
    severity="high",
    types=("Microsoft.MachineLearningServices/workspaces/computes",),
    controls=("aml-ci-idle-shutdown",),
    rationale="A forgotten instance runs for weeks, and one with a GPU costs more than its user by then.",
    remediation="Leave `idle_minutes` of `ComputeInstance` at 60, or raise `minutes` for work that runs without a person.",
    absent="A violation for instances: Azure never stops them. Other computes are not looked at.",
    parameters=(
        Parameter(
            name="minutes",
            default=240,
            description="The most minutes that an instance may run without anybody using it; Azure takes 15 to 4320.",
            schema={"type": "integer", "minimum": 15, "maximum": 4320},
        ),
    ),
    check=check,
)


def _instance(idle: object) -> dict[str, object]:
    return {"properties": {"computeType": "ComputeInstance", "properties": {"idleTimeBeforeShutdown": idle}}}


GOOD: GoodCases = {
    "an hour": _instance("PT60M"),
    "at the ceiling": _instance("PT4H"),
    "three days were agreed": Good(_instance("P3D"), given={"minutes": 4320}),
    "a cluster": {"properties": {"computeType": "AmlCompute", "properties": {}}},
}
BAD: BadCases = {
    "never": Bad(
        _instance(None),
        says="properties.properties.idleTimeBeforeShutdown is absent; a duration of at most PT240M is needed",
    ),
    "a minute above": Bad(_instance("PT241M"), says="is 'PT241M'; a duration of at most PT240M is needed"),
    "no duration": Bad(_instance("60"), says="is '60'; a duration of at most PT240M is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _instance(UNKNOWN)}
