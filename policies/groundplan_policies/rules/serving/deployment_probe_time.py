# SPDX-License-Identifier: Apache-2.0
"""A container that no longer answers is soon taken for dead."""

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
    Violation,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.durations import seconds
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT

PROBES = ("properties.livenessProbe", "properties.readinessProbe")


def check(deployment: Resource, given: Mapping[str, Any]) -> Found:
    """Time between questions times the wrong answers that are put up with; Azure's own where a probe leaves one out."""

    def look(probe: View) -> Found:
        if not probe.has(""):
            return
        period = seconds(probe.text("period") or "PT10S")
        failures = probe.number("failureThreshold")
        if period is None:
            yield probe.wrong("period", "a duration such as PT10S is needed")
        elif (time := period * (30 if failures is None else failures)) > given["seconds"]:
            yield Violation(
                probe.at, f"{probe.at} takes {time:g} seconds to fail; at most {given['seconds']} are allowed"
            )

    yield from each_of((deployment.view(path) for path in PROBES), look)


RULE = Rule(
    id="GP-SRV-010",
    slug="deployment-probe-time",
    title="A container that no longer answers is soon taken for dead",
    severity="low",
    types=(ONLINE_DEPLOYMENT,),
    controls=("srv-probe-time",),
    rationale="Until the probe has failed, the container gets its share of the requests and answers none of them.",
    remediation="Lower `period_seconds` or `failures` of the `Probe`; a model that starts slowly gets a `startup_probe`.",
    absent="Passes: a deployment without a probe has Azure's own. Within a probe Azure takes PT10S and 30 failures.",
    parameters=(
        Parameter(
            name="seconds",
            default=300,
            description="The most seconds from the first wrong answer until a probe fails; Azure's own take 300.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _deployment(period: object, failures: object, probe: str = "livenessProbe") -> dict[str, object]:
    return {"properties": {probe: {"period": period, "failureThreshold": failures, "timeout": "PT2S"}}}


GOOD: GoodCases = {
    "soon": _deployment("PT10S", 3),
    "at the ceiling": _deployment("PT10S", 30),
    "as Azure does": _deployment(None, None),
    "no probe": Good({"properties": {}}, given={"seconds": 1}),
    "at once": _deployment("PT400S", 0),
    "agreed": Good(_deployment("PT1M", 10, "readinessProbe"), given={"seconds": 600}),
}
BAD: BadCases = {
    "too often": Bad(
        _deployment(None, 31), says="properties.livenessProbe takes 310 seconds to fail; at most 300 are allowed"
    ),
    "too slow": Bad(
        _deployment("PT10.5S", None, "readinessProbe"),
        says="properties.readinessProbe takes 315 seconds to fail; at most 300 are allowed",
    ),
    "longer than agreed": Bad(
        _deployment("PT10S", 3), says="takes 30 seconds to fail; at most 29 are allowed", given={"seconds": 29}
    ),
    "no duration": Bad(
        _deployment("10s", 3), says="properties.livenessProbe.period is '10s'; a duration such as PT10S is needed"
    ),
    "the second, whatever the first is": Bad(
        {"properties": {"livenessProbe": UNKNOWN, "readinessProbe": {"failureThreshold": 31}}},
        says="properties.readinessProbe takes 310 seconds to fail",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the time": _deployment(UNKNOWN, 3),
    "how often": _deployment("PT10S", UNKNOWN),
}
