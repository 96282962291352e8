# SPDX-License-Identifier: Apache-2.0
"""A model monitor watches a production endpoint."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT, ONLINE_ENDPOINT
from groundplan_policies.subjects.environments import PARAMETERS, is_production
from groundplan_policies.subjects.job_definitions import SCHEDULE, is_off

TARGET = "properties.action.monitorDefinition.monitoringTarget.deploymentId"


def check(endpoint: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """One of its deployments will do. Where the stack has none of them, releases bring them with their monitors."""
    deployments = stack.children(endpoint, ONLINE_DEPLOYMENT)
    if not deployments or not is_production(endpoint, stack, given):
        return

    def watches(schedule: Resource) -> bool:
        if not any(stack.refers(schedule, schedule, TARGET, each) for each in deployments):
            return False
        return not is_off(schedule)

    if not any_of(*(partial(watches, schedule) for schedule in stack.of(SCHEDULE))):
        yield Violation("", "no schedule of the stack that is on monitors any of its deployments; one is needed")


RULE = Rule(
    id="GP-MLO-016",
    slug="endpoint-monitor",
    title="A model monitor watches a production endpoint",
    severity="low",
    types=(ONLINE_ENDPOINT,),
    controls=("mlo-monitor",),
    rationale="A model that has drifted still answers, quickly and without errors; only a monitor of its data sees that it is wrong.",
    remediation="Declare a schedule with the action `CreateMonitor`, whose `monitoringTarget.deploymentId` is a deployment.",
    absent="A violation where a tag says production. Passes elsewhere, and where the stack has none of the deployments.",
    unknown="Decided by what the program passes to the monitor, where the deployment's id is not known yet.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _endpoint(environment: object = "prod", **more: object) -> dict[str, object]:
    return {"name": "mlw/scoring", "tags": {"environment": environment}, **more}


def _deployment(name: str = "mlw/scoring/blue", **more: object) -> dict[str, object]:
    return {"type": ONLINE_DEPLOYMENT, "name": name, **more}


def _monitor(target: object, on: object = None) -> dict[str, object]:
    action = {"actionType": "CreateMonitor", "monitorDefinition": {"monitoringTarget": {"deploymentId": target}}}
    return {"type": SCHEDULE, "name": "mlw/monitor", "properties": {"isEnabled": on, "action": action}}


_BLUE = "mlw/scoring/blue"
_NIGHTLY = {"type": SCHEDULE, "name": "mlw/nightly", "properties": {"action": {"actionType": "CreateJob"}}}
_SAYS = "no schedule of the stack that is on monitors any of its deployments; one is needed"

GOOD: GoodCases = {
    "one of two": [
        _endpoint(),
        _deployment("mlw/scoring/green"),
        _deployment(),
        _NIGHTLY,
        _monitor(Id(_BLUE), on=True),
    ],
    "all new": [_endpoint(new=True), _deployment(parent=Later("mlw/scoring")), _monitor(Later(_BLUE))],
    "from releases": _endpoint(),
    "not in production": [_endpoint("dev"), _deployment()],
}
BAD: BadCases = {
    "none": Bad([_endpoint(), _deployment(), _NIGHTLY], says=_SAYS),
    "off": Bad([_endpoint(), _deployment(), _monitor(Id(_BLUE), on=False)], says=_SAYS),
    "of another one": Bad(
        [_endpoint(), _deployment(), _deployment("mlw/other/blue"), _monitor(Id("mlw/other/blue"), on=UNKNOWN)],
        says=_SAYS,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "whether it is on": [_endpoint(), _deployment(), _monitor(Id(_BLUE), on=UNKNOWN)],
    "where": [_endpoint(UNKNOWN), _deployment()],
}
