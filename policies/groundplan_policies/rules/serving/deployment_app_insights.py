# SPDX-License-Identifier: Apache-2.0
"""A production deployment sends its requests and output to Application Insights."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT
from groundplan_policies.subjects.environments import PARAMETERS, is_production

FLAG = "properties.appInsightsEnabled"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Elsewhere it is a matter of taste and cost."""
    if not deployment.equals(FLAG, True) and is_production(deployment, stack, given):
        yield deployment.wrong(FLAG, "true is needed in production")


RULE = Rule(
    id="GP-SRV-012",
    slug="deployment-app-insights",
    title="A production deployment sends its requests and output to Application Insights",
    severity="medium",
    types=(ONLINE_DEPLOYMENT,),
    controls=("srv-app-insights",),
    rationale="Without them nobody can tell why a request failed yesterday: a container's output is gone with the container.",
    remediation="Leave `application_insights` of the deployment at True.",
    absent="A violation where a tag says production: Azure sends nothing unless asked to. Passes elsewhere.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _deployment(flag: object, environment: object = "prod") -> dict[str, object]:
    return {
        "name": "mlw/scoring/blue",
        "tags": {"environment": environment},
        "properties": {"appInsightsEnabled": flag},
    }


GOOD: GoodCases = {
    "on": _deployment(True),
    "on, wherever": _deployment(True, UNKNOWN),
    "not in production": _deployment(False, "dev"),
    "nobody says where": _deployment(None, None),
}
BAD: BadCases = {
    "off": Bad(_deployment(False), says="properties.appInsightsEnabled is false; true is needed in production"),
    "not said": Bad(_deployment(None), says="properties.appInsightsEnabled is absent; true is needed in production"),
}
UNKNOWN_CASES: UnknownCases = {
    "whether": _deployment(UNKNOWN),
    "where": _deployment(False, UNKNOWN),
}
