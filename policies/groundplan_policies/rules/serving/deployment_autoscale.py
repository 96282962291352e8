# SPDX-License-Identifier: Apache-2.0
"""A production deployment scales with its load."""

from collections.abc import Mapping
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
from groundplan_policies.subjects.autoscale_settings import SETTING, settings_of
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT, is_managed
from groundplan_policies.subjects.environments import PARAMETERS, is_production

SCALE = "properties.scaleSettings.scaleType"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Azure Monitor scales managed deployments; on Kubernetes the deployment says it itself."""
    if not is_production(deployment, stack, given):
        return
    if not is_managed(deployment):
        if not deployment.equals(SCALE, "TargetUtilization"):
            yield deployment.wrong(SCALE, "'TargetUtilization' is needed")
    elif not settings_of(deployment, stack):
        yield Violation("", "no autoscale setting of the stack that is on scales it; one is needed")


RULE = Rule(
    id="GP-SRV-006",
    slug="deployment-autoscale",
    title="A production deployment scales with its load",
    severity="low",
    types=(ONLINE_DEPLOYMENT,),
    controls=("srv-autoscale",),
    rationale="A fixed number of instances is too small on the best day of the year, or paid for in vain on all others.",
    remediation="Pass `autoscale` to `ManagedDeployment`, or `scale` to `KubernetesDeployment`.",
    absent="A violation where a tag says production: nothing scales it. Passes elsewhere.",
    unknown="Decided by what the program passes to the setting, where the deployment's id is not known yet.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _deployment(kind: str = "Managed", scale: object = None) -> dict[str, object]:
    return {
        "name": "mlw/scoring/blue",
        "tags": {"environment": "production"},
        "properties": {"endpointComputeType": kind, "scaleSettings": {"scaleType": scale}},
    }


def _setting(target: object, on: object = True) -> dict[str, object]:
    return {"type": SETTING, "name": "scale", "properties": {"enabled": on, "targetResourceUri": target}}


_BLUE = "mlw/scoring/blue"
_SAYS = "no autoscale setting of the stack that is on scales it; one is needed"

GOOD: GoodCases = {
    "of an existing deployment": [_deployment(), _setting(Id(_BLUE))],
    "both are new": [_deployment() | {"new": True}, _setting(Later(_BLUE))],
    "Kubernetes": _deployment("Kubernetes", "TargetUtilization"),
    "not in production": _deployment() | {"tags": {"environment": "test"}},
}
BAD: BadCases = {
    "none": Bad(_deployment(), says=_SAYS),
    "switched off": Bad([_deployment(), _setting(Id(_BLUE), on=False)], says=_SAYS),
    "not switched on": Bad([_deployment(), _setting(Id(_BLUE), on=None)], says=_SAYS),
    "of another one": Bad(
        [_deployment(), {"type": ONLINE_DEPLOYMENT, "name": "mlw/scoring/green"}, _setting(Later("mlw/scoring/green"))],
        says=_SAYS,
    ),
    "Kubernetes with a fixed number": Bad(
        _deployment("Kubernetes", "Default"),
        says="properties.scaleSettings.scaleType is 'Default'; 'TargetUtilization' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "whether it is on": [_deployment(), _setting(Id(_BLUE), on=UNKNOWN)],
    "where": _deployment() | {"tags": {"environment": UNKNOWN}},
}
