# SPDX-License-Identifier: Apache-2.0
"""A production batch job with too many errors fails."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.endpoints import BATCH_DEPLOYMENT, BATCH_ENDPOINT, runs_pipeline
from groundplan_policies.subjects.environments import PARAMETERS, is_production

THRESHOLD = "properties.errorThreshold"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Models only: a pipeline's steps have thresholds of their own."""
    if runs_pipeline(deployment) or not is_production(deployment, stack, given):
        return
    number = deployment.number(THRESHOLD)
    if number is None or number < 0:
        yield deployment.wrong(THRESHOLD, "0 or more is needed in production")


RULE = Rule(
    id="GP-SRV-018",
    slug="batch-error-threshold",
    title="A production batch job with too many errors fails",
    severity="medium",
    types=(BATCH_DEPLOYMENT,),
    controls=("srv-batch-error-threshold",),
    rationale="By default a job succeeds even if every file has failed, and what reads its output finds it empty or half.",
    remediation="Set `error_threshold` of `BatchDeployment` to the number of files that may fail.",
    absent="A violation where a tag says production: Azure puts up with any number. Passes elsewhere.",
    needs_stack=True,
    parameters=PARAMETERS,
    check=check,
)


def _deployment(threshold: object, environment: object = "prod", **more: object) -> dict[str, object]:
    return {
        "name": "mlw/nightly/forest",
        "tags": {"environment": environment},
        "properties": {"errorThreshold": threshold, **more},
    }


_ENDPOINT = {"type": BATCH_ENDPOINT, "name": "mlw/nightly", "tags": {"environment": "prod"}}
_PIPELINE = {"deploymentConfigurationType": "PipelineComponent"}

GOOD: GoodCases = {
    "none may fail": _deployment(0),
    "some may": _deployment(10),
    "not in production": _deployment(-1, "dev"),
    "a pipeline": _deployment(None, deploymentConfiguration=_PIPELINE),
}
BAD: BadCases = {
    "any number": Bad(_deployment(-1), says="properties.errorThreshold is -1; 0 or more is needed in production"),
    "not said, by the endpoint's tag": Bad(
        [_deployment(None, None), _ENDPOINT],
        says="properties.errorThreshold is absent; 0 or more is needed in production",
    ),
    "all new": Bad(
        [_deployment(-1, None) | {"parent": Later("mlw/nightly")}, _ENDPOINT | {"new": True}],
        says="properties.errorThreshold is -1",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "how many": _deployment(UNKNOWN),
    "where": _deployment(-1, UNKNOWN),
    "what it runs": _deployment(-1, deploymentConfiguration=UNKNOWN),
}
