# SPDX-License-Identifier: Apache-2.0
"""An alert looks at all that happens between two looks."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.durations import seconds

WINDOW = "properties.windowSize"
EVERY = "properties.evaluationFrequency"
RANGE = "properties.overrideQueryTimeRange"


def check(alert: Resource) -> Found:
    """A query may look at a range of its own, whatever the window. What is no duration is for Azure to refuse."""
    path = RANGE if alert.given(RANGE) else WINDOW
    window, every = seconds(alert.text(path)), seconds(alert.text(EVERY))
    if window is not None and every is not None and window < every:
        yield alert.wrong(path, f"at least {EVERY}, which is {alert.text(EVERY)!r}, is needed")


RULE = Rule(
    id="GP-OPS-009",
    slug="alert-window",
    title="An alert looks at all that happens between two looks",
    severity="low",
    types=("Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts"),
    controls=("ops-alert-window",),
    rationale="A rule that looks at five minutes once an hour misses eleven incidents out of twelve, and looks fine.",
    remediation="Set `window_minutes` of `LogRule` or `MetricRule` to `every_minutes` or more; both refuse less.",
    absent="Passes: Azure refuses an alert without them, or looks once.",
    check=check,
)


def _alert(window: object, every: object, range_: object = None) -> dict[str, object]:
    return {"properties": {"windowSize": window, "evaluationFrequency": every, "overrideQueryTimeRange": range_}}


GOOD: GoodCases = {
    "just as long": _alert("PT1H", "PT60M"),
    "longer": _alert("P1D", "PT1H"),
    "range of its own": _alert("PT5M", "PT1H", "PT2H"),
    "no window": _alert(None, "PT1H"),
    "no frequency": _alert("PT5M", None),
    "no duration": _alert("five minutes", "PT1H"),
}
BAD: BadCases = {
    "shorter": Bad(
        _alert("PT5M", "PT1H"),
        says="properties.windowSize is 'PT5M'; at least properties.evaluationFrequency, which is 'PT1H', is needed",
    ),
    "range that is shorter": Bad(
        _alert("PT1H", "PT1H", "PT5M"),
        says="properties.overrideQueryTimeRange is 'PT5M'; at least properties.evaluationFrequency, which is 'PT1H', is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "window decided later": _alert(UNKNOWN, "PT1H"),
    "frequency decided later": _alert("PT5M", UNKNOWN),
    "range decided later": _alert("PT5M", "PT1H", UNKNOWN),
}
