# SPDX-License-Identifier: Apache-2.0
"""A production deployment has instances to spare.

An autoscale setting has the last word on how many run, so where there is one its limits count and the deployment's own number does not.
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
    Id,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.autoscale_settings import SETTING, settings_of
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT
from groundplan_policies.subjects.environments import PARAMETERS, is_production

OWN = "properties.scaleSettings.minInstances"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """The fewest instances that may run at any time."""
    if not is_production(deployment, stack, given):
        return
    least = given["instances"]
    if deployment.equals("properties.scaleSettings.scaleType", "TargetUtilization"):
        if _count(deployment, OWN) < least:
            yield deployment.wrong(OWN, f"at least {least} instances are needed")
    elif settings := settings_of(deployment, stack):
        fewest = min(_fewest(setting) for setting in settings)
        if fewest < least:
            yield Violation("", f"autoscale may leave it {fewest:g} instances; at least {least} are needed")
    elif _count(deployment, "sku.capacity") < least:
        yield deployment.wrong("sku.capacity", f"at least {least} instances are needed")


def _count(deployment: Resource, path: str) -> float:
    number = deployment.number(path)
    return 1 if number is None else number


def _fewest(setting: Resource) -> float:
    counts = [profile.number("capacity.minimum") for profile in setting.items("properties.profiles")]
    return min((count or 0 for count in counts), default=0)


RULE = Rule(
    id="GP-SRV-005",
    slug="deployment-capacity",
    title="A production deployment always has instances to spare",
    severity="medium",
    types=(ONLINE_DEPLOYMENT,),
    controls=("aml-deployment-capacity",),
    rationale="One instance alone takes the model down with it: when its machine fails, and whenever Azure updates it.",
    remediation="Raise `instance_count` of the deployment, or `minimum` of its `Autoscale` or `UtilizationScale`.",
    absent="A violation where a tag says production: Azure starts one instance. Passes elsewhere.",
    unknown="Undecided until the tag and the number of instances are known.",
    needs_stack=True,
    parameters=(
        *PARAMETERS,
        Parameter(
            name="instances",
            default=2,
            description="The fewest instances of a production deployment; three survive the loss of a zone during an upgrade.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _deployment(capacity: object, **scale: object) -> dict[str, object]:
    return {
        "name": "mlw/scoring/blue",
        "tags": {"environment": "prod"},
        "sku": {"name": "Default", "capacity": capacity},
        "properties": {"endpointComputeType": "Managed", "scaleSettings": scale},
    }


def _setting(*minimums: object, target: object = Id("mlw/scoring/blue"), on: object = True) -> dict[str, object]:
    profiles = [{"capacity": {"minimum": minimum}} for minimum in minimums]
    content = {"enabled": on, "targetResourceUri": target, "profiles": profiles}
    return {"type": SETTING, "name": "scale", "properties": content}


_KUBERNETES = {"scaleType": "TargetUtilization"}

GOOD: GoodCases = {
    "two": _deployment(2),
    "three are wanted": Good(_deployment(3), given={"instances": 3}),
    "one is enough for you": Good(_deployment(None), given={"instances": 1}),
    "not in production": _deployment(1) | {"tags": {"environment": "dev"}},
    "autoscale keeps two": [_deployment(1), _setting("2", "3")],
    "all new": [_deployment(1) | {"new": True}, _setting("2", target=Later("mlw/scoring/blue"))],
    "Kubernetes keeps two": _deployment(None, **_KUBERNETES, minInstances=2),
}
BAD: BadCases = {
    "one": Bad(_deployment(1), says="sku.capacity is 1; at least 2 instances are needed"),
    "not said": Bad(_deployment(None), says="sku.capacity is absent; at least 2 instances are needed"),
    "none": Bad(_deployment(0), says="sku.capacity is 0; at least 1 instances are needed", given={"instances": 1}),
    "two of three": Bad(
        _deployment(2), says="sku.capacity is 2; at least 3 instances are needed", given={"instances": 3}
    ),
    "one at night": Bad(
        [_deployment(3), _setting("3", "1")], says="autoscale may leave it 1 instances; at least 2 are needed"
    ),
    "limits are missing": Bad(
        [_deployment(3), _setting("3", None)], says="autoscale may leave it 0 instances; at least 2 are needed"
    ),
    "no limits at all": Bad(
        [_deployment(3), _setting()], says="autoscale may leave it 0 instances; at least 2 are needed"
    ),
    "the lower of two settings": Bad(
        [_deployment(3), _setting("1"), _setting("3") | {"name": "other"}], says="autoscale may leave it 1 instances"
    ),
    "autoscale is off": Bad([_deployment(1), _setting("2", on=False)], says="sku.capacity is 1"),
    "Kubernetes keeps one": Bad(
        _deployment(5, **_KUBERNETES, minInstances=1),
        says="properties.scaleSettings.minInstances is 1; at least 2 instances are needed",
    ),
    "Kubernetes does not say": Bad(
        _deployment(5, **_KUBERNETES), says="properties.scaleSettings.minInstances is absent"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "how many": _deployment(UNKNOWN),
    "where": _deployment(1) | {"tags": UNKNOWN},
    "the limits": [_deployment(1), _setting(UNKNOWN)],
}
