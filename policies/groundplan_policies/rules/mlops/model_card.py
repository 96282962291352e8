# SPDX-License-Identifier: Apache-2.0
"""A model version says what it is, what it is for and whose it is."""

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
from groundplan_policies.subjects.asset_references import asset_tag, is_put_aside

DESCRIPTION = "properties.description"
CONTAINER = "Microsoft.MachineLearningServices/workspaces/models"


def check(version: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """On the version, or on the model that it is a version of."""
    if is_put_aside(version):
        return
    holders = [each for each in (version, stack.parent(version)) if each is not None]
    if not any(each.has(DESCRIPTION) for each in holders):
        yield version.wrong(DESCRIPTION, "a text is needed that says what the model does")
    for tag in given["tags"]:
        if not any(asset_tag(each, tag) for each in holders):
            yield Violation(
                f"properties.tags.{tag}", f"properties.tags.{tag} is absent; it is needed on the model or the version"
            )


RULE = Rule(
    id="GP-MLO-005",
    slug="model-card",
    title="A model version says what it is, what it is for and whose it is",
    severity="low",
    types=(
        "Microsoft.MachineLearningServices/workspaces/models/versions",
        "Microsoft.MachineLearningServices/registries/models/versions",
    ),
    controls=("mlo-model-card",),
    rationale="A model outlives the team that made it; whoever finds it has to know what it must not be used for, and whom to ask.",
    remediation="Give the model or the version a `description` and the tags `owner` and `intended-use`.",
    absent="A violation: it is what the rule asks for. Archived and anonymous versions are not looked at.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="tags",
            default=["owner", "intended-use"],
            description="Tags that a model or its version has; any value will do.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _version(description: object, **more: object) -> dict[str, object]:
    return {"name": "mlw/forest/3", "properties": {"description": description, **more}}


_TAGS = {"Owner": "ada", "intended-use": "churn of consumers"}
_MODEL = {"type": CONTAINER, "name": "mlw/forest", "properties": {"description": "Trees.", "tags": _TAGS}}
_MISSING = "is absent; it is needed on the model or the version"

GOOD: GoodCases = {
    "on the version": _version("Trees.", tags=_TAGS),
    "on the model": [_version(None), _MODEL],
    "on a new model": [_version(None) | {"parent": Later("mlw/forest")}, _MODEL | {"new": True}],
    "a part on each": [_version("Trees.", tags={"owner": "ada"}), _MODEL],
    "other tags": Good(_version("Trees.", tags={"team": "vision"}), given={"tags": ["team"]}),
    "archived": _version(None, isArchived=True),
    "anonymous": _version(None, isAnonymous=True),
}
BAD: BadCases = {
    "no text": Bad(
        _version(None, tags=_TAGS),
        says="properties.description is absent; a text is needed that says what the model does",
    ),
    "nobody's": Bad(_version("Trees.", tags={"intended-use": "churn"}), says=f"properties.tags.owner {_MISSING}"),
    "for nothing": Bad(
        _version("Trees.", tags={"owner": "ada", "intended-use": ""}), says=f"properties.tags.intended-use {_MISSING}"
    ),
    "of another model": Bad(
        [_version(None), _MODEL | {"name": "mlw/other"}], says="properties.description is absent", given={"tags": []}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the text": _version(UNKNOWN, tags=_TAGS),
    "the tags": _version("Trees.", tags=UNKNOWN),
}
