# SPDX-License-Identifier: Apache-2.0
"""There is a way back from a release behind a production endpoint."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT, ONLINE_ENDPOINT
from groundplan_policies.subjects.environments import PARAMETERS, is_production, tag_of


def check(endpoint: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """An endpoint without any deployment in the stack gets them from releases, which know their way back."""
    if len(stack.children(endpoint, ONLINE_DEPLOYMENT)) != 1 or not is_production(endpoint, stack, given):
        return
    if not tag_of(endpoint, given["planTag"]):
        yield Violation(
            "", f"one deployment alone is behind it; a second one or the tag {given['planTag']!r} is needed"
        )


RULE = Rule(
    id="GP-SRV-008",
    slug="endpoint-rollback",
    title="A production endpoint has a second deployment or a plan to go back",
    severity="medium",
    types=(ONLINE_ENDPOINT,),
    controls=("srv-rollback",),
    rationale="With one deployment a new model replaces the old one, and going back takes as long as the release: minutes without answers.",
    remediation="Give `deployments` of the endpoint two entries and shift `traffic`, or name the plan in the tag.",
    absent="A violation where a tag says production. Passes elsewhere, and where the stack has none of the deployments.",
    needs_stack=True,
    parameters=(
        *PARAMETERS,
        Parameter(
            name="planTag",
            default="rollback-plan",
            description="The tag of an endpoint that says where its plan to go back is; any value will do.",
            schema={"type": "string", "minLength": 1},
        ),
    ),
    check=check,
)


def _endpoint(**tags: object) -> dict[str, object]:
    return {"name": "mlw/scoring", "tags": {"environment": "prod", **tags}}


def _deployment(name: str, **more: object) -> dict[str, object]:
    return {"type": ONLINE_DEPLOYMENT, "name": f"mlw/scoring/{name}", **more}


_PLAN = {"rollback-plan": "runbooks/scoring.md"}

GOOD: GoodCases = {
    "two": [_endpoint(), _deployment("blue"), _deployment("green")],
    "two new ones": [
        _endpoint() | {"new": True},
        _deployment("blue", parent=Later("mlw/scoring")),
        _deployment("green", parent=Later("mlw/scoring")),
    ],
    "one with a plan": [_endpoint(**_PLAN), _deployment("blue")],
    "a plan by another name": Good([_endpoint(plan="wiki"), _deployment("blue")], given={"planTag": "plan"}),
    "from releases": _endpoint(),
    "not in production": [_endpoint(environment="dev"), _deployment("blue")],
}
BAD: BadCases = {
    "one": Bad(
        [_endpoint(), _deployment("blue"), _deployment("green") | {"name": "mlw/other/green"}],
        says="one deployment alone is behind it; a second one or the tag 'rollback-plan' is needed",
    ),
    "one new one": Bad(
        [_endpoint() | {"new": True}, _deployment("blue", parent=Later("mlw/scoring"))],
        says="one deployment alone is behind it; a second one or the tag 'plan' is needed",
        given={"planTag": "plan"},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the plan": [_endpoint(**{"rollback-plan": UNKNOWN}), _deployment("blue")],
    "where": [_endpoint(environment=UNKNOWN), _deployment("blue")],
}
