# SPDX-License-Identifier: Apache-2.0
"""A model version tells where it comes from."""

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
from groundplan_policies.subjects.asset_references import asset_tag, is_put_aside

JOB = "properties.jobName"


def check(version: Resource, given: Mapping[str, Any]) -> Found:
    """The job, which knows its code and data, or tags for what was trained elsewhere."""
    if is_put_aside(version):
        return
    if version.has(JOB) or all(asset_tag(version, tag) for tag in given["tags"]):
        return
    yield version.wrong(JOB, f"the job that made it is needed, or the tags {', '.join(given['tags'])}")


RULE = Rule(
    id="GP-MLO-006",
    slug="model-lineage",
    title="A model version tells the job, or the code and data, that it comes from",
    severity="medium",
    types=(
        "Microsoft.MachineLearningServices/workspaces/models/versions",
        "Microsoft.MachineLearningServices/registries/models/versions",
    ),
    controls=("mlo-model-lineage",),
    rationale=(
        "When data turns out to be wrong or must be forgotten, you have to know which models have learnt from it; and a file that nobody "
        "can tell the origin of may do anything when it is loaded."
    ),
    remediation="Register the model from its job, which fills `jobName`, or give the version the tags.",
    absent="A violation: it is what the rule asks for. Archived and anonymous versions are not looked at.",
    parameters=(
        Parameter(
            name="tags",
            default=["git-commit", "training-data"],
            description="Tags that do instead of the job's name, all of them; any value will do.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _version(job: object, **more: object) -> dict[str, object]:
    return {"name": "mlw/forest/3", "properties": {"jobName": job, **more}}


_TAGS = {"git-commit": "0123abcd", "training-data": "azureml:churn:2"}

GOOD: GoodCases = {
    "a job": _version("brave_fox_123"),
    "tags": _version(None, tags=_TAGS),
    "other tags": Good(_version(None, tags={"source": "vendor"}), given={"tags": ["source"]}),
    "archived": _version(None, isArchived=True),
    "anonymous": _version(None, isAnonymous=True),
}
BAD: BadCases = {
    "nothing": Bad(
        _version(None),
        says="properties.jobName is absent; the job that made it is needed, or the tags git-commit, training-data",
    ),
    "half of it": Bad(
        _version("", tags={"git-commit": "0123abcd"}), says="properties.jobName is ''; the job that made it"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the job": _version(UNKNOWN),
    "the tags": _version(None, tags={"git-commit": UNKNOWN}),
}
