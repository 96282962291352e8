# SPDX-License-Identifier: Apache-2.0
"""A deployment does not grow beyond a ceiling."""

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
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.autoscale_settings import SETTING, scales_deployment
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """The deployment's own number, that of its scale settings, and those of an autoscale setting."""

    def look(count: View) -> Found:
        if (count.number() or 0) > given["instances"]:
            yield count.wrong("", f"at most {given['instances']} instances are allowed")

    if found.is_a(ONLINE_DEPLOYMENT):
        counts = [found.view("sku.capacity"), found.view("properties.scaleSettings.maxInstances")]
    elif scales_deployment(found, stack):
        counts = [profile.view("capacity.maximum") for profile in found.items("properties.profiles")]
    else:
        return
    yield from each_of(counts, look)


RULE = Rule(
    id="GP-COST-008",
    slug="deployment-max-instances",
    title="A deployment grows to no more instances than agreed",
    severity="medium",
    types=(ONLINE_DEPLOYMENT, SETTING),
    controls=("srv-max-instances",),
    rationale="A loop in a client starts every instance that autoscale may start, and each is paid for by the minute.",
    remediation="Lower `maximum` of `Autoscale` or `UtilizationScale`, or `instance_count`, or raise `instances` once the cost is agreed.",
    absent="Passes: Azure starts one instance. Autoscale settings of other resources are not looked at.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="instances",
            default=10,
            description="The most instances that one deployment may have.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _deployment(capacity: object, most: object = None) -> dict[str, object]:
    return {
        "name": "mlw/scoring/blue",
        "sku": {"capacity": capacity},
        "properties": {"scaleSettings": {"maxInstances": most}},
    }


def _setting(target: object, *maximums: object) -> dict[str, object]:
    profiles = [{"capacity": {"maximum": maximum}} for maximum in maximums]
    return {"type": SETTING, "name": "scale", "properties": {"targetResourceUri": target, "profiles": profiles}}


_BLUE = {"type": ONLINE_DEPLOYMENT, "name": "mlw/scoring/blue"}

GOOD: GoodCases = {
    "at the ceiling": _deployment(10, 10),
    "not said": _deployment(None),
    "autoscale at the ceiling": [_setting(Id("mlw/scoring/blue"), "10"), _BLUE],
    "agreed": Good(_deployment(50), given={"instances": 50}),
    "of machines": _setting("/subscriptions/s/providers/Microsoft.Compute/virtualMachineScaleSets/v", "100"),
}
BAD: BadCases = {
    "too many": Bad(_deployment(11), says="sku.capacity is 11; at most 10 instances are allowed"),
    "too many on Kubernetes, whatever it starts with": Bad(
        _deployment(UNKNOWN, 11),
        says="properties.scaleSettings.maxInstances is 11; at most 10 instances are allowed",
    ),
    "too many at noon": Bad(
        [_setting(Later("mlw/scoring/blue"), "3", "11"), _BLUE | {"new": True}],
        says="properties.profiles[1].capacity.maximum is '11'; at most 10 instances are allowed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "how many": _deployment(UNKNOWN),
    "the limit": [_setting(Id("mlw/scoring/blue"), UNKNOWN), _BLUE],
}
