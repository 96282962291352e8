# SPDX-License-Identifier: Apache-2.0
"""A batch deployment tries a mini batch again, and gives up in the end."""

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
    UnknownCases,
)
from groundplan_policies.subjects.durations import seconds
from groundplan_policies.subjects.endpoints import BATCH_DEPLOYMENT, runs_pipeline

RETRIES = "properties.retrySettings.maxRetries"
TIMEOUT = "properties.retrySettings.timeout"


def check(deployment: Resource, given: Mapping[str, Any]) -> Found:
    """Models only: a pipeline has settings of its own for each step."""
    if runs_pipeline(deployment):
        return
    retries = deployment.number(RETRIES)
    if retries is not None and not 1 <= retries <= given["retries"]:
        yield deployment.wrong(RETRIES, f"1 to {given['retries']} are needed")
    length = seconds(deployment.text(TIMEOUT) or "PT30S")
    if length is None or length > given["seconds"]:
        yield deployment.wrong(TIMEOUT, f"a duration of at most PT{given['seconds']}S is needed")


RULE = Rule(
    id="GP-SRV-017",
    slug="batch-retries",
    title="A batch deployment tries a mini batch again, and gives up in the end",
    severity="low",
    types=(BATCH_DEPLOYMENT,),
    controls=("srv-batch-retries",),
    rationale="Without a second try one hiccup of the storage account fails hours of work; without an end a broken file keeps nodes busy.",
    remediation="Leave `retries` and `timeout_seconds` of `BatchDeployment` as they are, or raise `retries` and `seconds` of the rule.",
    absent="Passes: Azure tries three more times and waits 30 seconds. Pipelines are not looked at.",
    parameters=(
        Parameter(
            name="retries",
            default=10,
            description="The most further tries of one mini batch.",
            schema={"type": "integer", "minimum": 1},
        ),
        Parameter(
            name="seconds",
            default=3600,
            description="The most seconds that one try may take.",
            schema={"type": "integer", "minimum": 1},
        ),
    ),
    check=check,
)


def _deployment(retries: object = None, timeout: object = None, **more: object) -> dict[str, object]:
    settings = {"maxRetries": retries, "timeout": timeout}
    return {"properties": {"retrySettings": settings, **more}}


_PIPELINE = {"deploymentConfigurationType": "PipelineComponent"}

GOOD: GoodCases = {
    "one": _deployment(1, "PT30S"),
    "at the ceilings": _deployment(10, "PT1H"),
    "not said": _deployment(),
    "agreed": Good(_deployment(11, "PT2H"), given={"retries": 11, "seconds": 7200}),
    "shorter than Azure's own": Good(_deployment(None, "PT9S"), given={"seconds": 9}),
    "Azure's own is short enough": Good(_deployment(), given={"seconds": 30}),
    "a pipeline": _deployment(0, "P1D", deploymentConfiguration=_PIPELINE),
}
BAD: BadCases = {
    "none": Bad(_deployment(0), says="properties.retrySettings.maxRetries is 0; 1 to 10 are needed"),
    "too many": Bad(_deployment(11), says="properties.retrySettings.maxRetries is 11; 1 to 10 are needed"),
    "too long": Bad(
        _deployment(None, "PT3601S"),
        says="properties.retrySettings.timeout is 'PT3601S'; a duration of at most PT3600S is needed",
    ),
    "no duration": Bad(
        _deployment(None, "30"),
        says="properties.retrySettings.timeout is '30'; a duration of at most PT3600S is needed",
    ),
    "Azure's own is too long": Bad(
        _deployment(), says="timeout is absent; a duration of at most PT29S is needed", given={"seconds": 29}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the tries": _deployment(UNKNOWN),
    "the time": _deployment(3, UNKNOWN),
    "what it runs": _deployment(0, deploymentConfiguration=UNKNOWN),
}
