# SPDX-License-Identifier: Apache-2.0
"""What scales a deployment out also scales it in again."""

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
    View,
    Violation,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.autoscale_settings import SETTING, scales_deployment
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT


def check(setting: Resource, stack: Stack) -> Found:
    """Every profile with rules; one without keeps a fixed number on purpose."""
    if scales_deployment(setting, stack):
        yield from each_of(setting.items("properties.profiles"), _look)


def _look(profile: View) -> Found:
    ways = {rule.text("scaleAction.direction").casefold() for rule in profile.items("rules")}
    for way in ("Increase", "Decrease"):
        if ways and way.casefold() not in ways:
            yield Violation(
                f"{profile.at}.rules", f"{profile.at}.rules never has the direction '{way}'; one rule needs it"
            )


RULE = Rule(
    id="GP-SRV-007",
    slug="autoscale-both-ways",
    title="What scales a deployment out also scales it in again",
    severity="medium",
    types=(SETTING,),
    controls=("srv-autoscale-both-ways",),
    rationale="With rules of one direction the first peak starts all instances for good, or the first quiet night stops them for good.",
    remediation="Give `rules` of `Autoscale` one with `above` and one with `below`, as they are by default.",
    absent="Passes for a profile without rules, which keeps a fixed number. Settings of other resources are not looked at.",
    needs_stack=True,
    check=check,
)


def _setting(*profiles: object, target: object = Id("mlw/scoring/blue")) -> dict[str, object]:
    rules = [
        {"rules": [{"scaleAction": {"direction": each}} for each in ways] if isinstance(ways, tuple) else ways}
        for ways in profiles
    ]
    return {"name": "scale", "properties": {"targetResourceUri": target, "profiles": rules}}


_BLUE = {"type": ONLINE_DEPLOYMENT, "name": "mlw/scoring/blue"}
_ELSEWHERE = "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e/deployments/d"
_OUT = ("Increase",)

GOOD: GoodCases = {
    "both ways": [_setting(("Increase", "decrease")), _BLUE],
    "a fixed number": [_setting((), None), _BLUE],
    "of machines": _setting(_OUT, target="/subscriptions/s/providers/Microsoft.Compute/virtualMachineScaleSets/v"),
    "of a new resource of another type": [
        _setting(_OUT, target=Later("plan")),
        {"type": "Microsoft.Web/serverfarms", "name": "plan", "new": True},
    ],
}
BAD: BadCases = {
    "out alone": Bad(
        [_setting(("Increase", "Decrease"), _OUT), _BLUE],
        says="properties.profiles[1].rules never has the direction 'Decrease'; one rule needs it",
    ),
    "in alone, of a deployment elsewhere": Bad(
        _setting(("Decrease",), target=_ELSEWHERE),
        says="properties.profiles[0].rules never has the direction 'Increase'; one rule needs it",
    ),
    "of a new deployment, whatever the first profile has": Bad(
        [_setting(UNKNOWN, _OUT, target=Later("mlw/scoring/blue")), _BLUE | {"new": True}],
        says="properties.profiles[1].rules never has the direction 'Decrease'",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the directions": [_setting((UNKNOWN, "Increase")), _BLUE],
    "the rules": _setting(UNKNOWN, target=_ELSEWHERE),
}
