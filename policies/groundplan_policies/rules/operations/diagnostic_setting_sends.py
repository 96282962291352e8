# SPDX-License-Identifier: Apache-2.0
"""A diagnostic setting sends something somewhere."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_among
from groundplan_policies.subjects.diagnostic_settings import SETTING, has_sink

PARTS = ("properties.logs", "properties.metrics")


def check(setting: Resource) -> Found:
    """A destination, and one log or metric that is on."""
    if not has_sink(setting):
        yield Violation(
            "properties", "properties has no destination; a workspace, a storage account or an event hub is needed"
        )
    if not any_among(PARTS, lambda path: any_among(setting.items(path), lambda part: part.equals("enabled", True))):
        yield Violation("properties", "properties sends nothing; a log or a metric that is enabled is needed")


RULE = Rule(
    id="GP-OPS-010",
    slug="diagnostic-setting-sends",
    title="A diagnostic setting sends something somewhere",
    severity="medium",
    types=(SETTING,),
    controls=("ops-diagnostic-setting-sends",),
    rationale="A setting that is there but sends nothing satisfies every list of settings, and leaves no trace of an incident.",
    remediation="Use `diagnostics` of a component: it knows what each type can send.",
    absent="A violation: nothing is sent unless it is enabled.",
    unknown="A destination whose id is not known yet is one; undecided where it is open whether anything is enabled.",
    check=check,
)


def _setting(logs: object, metrics: object = None, sink: str = "workspaceId") -> dict[str, object]:
    return {"properties": {sink: UNKNOWN, "logs": logs, "metrics": metrics}}


_LOGS = [{"category": "Audit", "enabled": False}, {"categoryGroup": "allLogs", "enabled": True}]
_OFF = [{"category": "AllMetrics", "enabled": False}]
_SAYS = "properties sends nothing; a log or a metric that is enabled is needed"
GOOD: GoodCases = {
    "logs to a workspace": _setting(_LOGS),
    "logs to a storage account, metrics decided later": _setting(_LOGS, UNKNOWN, "storageAccountId"),
    "metrics alone": _setting([], [{"category": "AllMetrics", "enabled": True}], "eventHubAuthorizationRuleId"),
}
BAD: BadCases = {
    "nothing": Bad(_setting([]), says=_SAYS),
    "all off": Bad(_setting(_OFF, _OFF), says=_SAYS),
    "nowhere": Bad(
        {"properties": {"logs": _LOGS}},
        says="properties has no destination; a workspace, a storage account or an event hub is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "logs decided later": _setting(UNKNOWN),
    "on or off, decided later": _setting(_OFF, [{"category": "AllMetrics", "enabled": UNKNOWN}]),
}
