# SPDX-License-Identifier: Apache-2.0
"""A production deployment says how long a request may take."""

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
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.durations import seconds
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT
from groundplan_policies.subjects.environments import PARAMETERS, is_production

TIMEOUT = "properties.requestSettings.requestTimeout"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Said at all, and within the ceiling."""
    if not is_production(deployment, stack, given):
        return
    length = seconds(deployment.text(TIMEOUT))
    if length is None or length > given["seconds"]:
        yield deployment.wrong(TIMEOUT, f"a duration of at most PT{given['seconds']}S is needed")


RULE = Rule(
    id="GP-SRV-011",
    slug="deployment-request-timeout",
    title="A production deployment says how long a request may take",
    severity="low",
    types=(ONLINE_DEPLOYMENT,),
    controls=("srv-request-timeout",),
    rationale="Azure gives up after 5 seconds, which cuts slow models off; without any sensible limit hung requests fill every instance.",
    remediation="Pass `requests=RequestSettings(timeout_seconds=...)` to the deployment.",
    absent="A violation where a tag says production: five seconds are nobody's decision. Passes elsewhere.",
    needs_stack=True,
    parameters=(
        *PARAMETERS,
        Parameter(
            name="seconds",
            default=180,
            description="The most seconds for one request; Azure takes 180, and 300 on Kubernetes.",
            schema={"type": "integer", "minimum": 1, "maximum": 300},
        ),
    ),
    check=check,
)


def _deployment(timeout: object, environment: object = "prod") -> dict[str, object]:
    settings = {"requestSettings": {"requestTimeout": timeout}}
    return {"name": "mlw/scoring/blue", "tags": {"environment": environment}, "properties": settings}


GOOD: GoodCases = {
    "a minute": _deployment("PT60S"),
    "at the ceiling": _deployment("PT3M"),
    "agreed": Good(_deployment("PT5M"), given={"seconds": 300}),
    "not in production": _deployment(None, "dev"),
}
BAD: BadCases = {
    "not said": Bad(
        _deployment(None),
        says="properties.requestSettings.requestTimeout is absent; a duration of at most PT180S is needed",
    ),
    "a second above": Bad(_deployment("PT181S"), says="is 'PT181S'; a duration of at most PT180S is needed"),
    "no duration": Bad(_deployment("60"), says="is '60'; a duration of at most PT180S is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "the time": _deployment(UNKNOWN),
    "where": _deployment(None, UNKNOWN),
}
