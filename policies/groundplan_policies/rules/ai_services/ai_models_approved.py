# SPDX-License-Identifier: Apache-2.0
"""An AI services account serves only models that were approved."""

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

MODEL = "properties.model"


def check(deployment: Resource, given: Mapping[str, Any]) -> Found:
    """By name, which allows every version of it, or by name and version."""
    allowed = {each.casefold() for each in given["models"]}
    if not allowed:
        return
    name = deployment.text(f"{MODEL}.name")
    if name.casefold() in allowed:
        return
    versions = [each for each in given["models"] if each.casefold().startswith(f"{name}:".casefold())]
    if not versions:
        yield deployment.wrong(f"{MODEL}.name", f"one of {', '.join(given['models'])} is needed")
    elif f"{name}:{deployment.text(f'{MODEL}.version')}".casefold() not in allowed:
        yield deployment.wrong(f"{MODEL}.version", f"one of {', '.join(versions)} is needed")


RULE = Rule(
    id="GP-AI-008",
    slug="ai-models-approved",
    title="An AI services account serves only models that were approved",
    severity="medium",
    types=("Microsoft.CognitiveServices/accounts/deployments",),
    controls=("cog-deploy-models",),
    rationale=(
        "The catalog holds hundreds of models under licences and with behaviour that nobody in the company has looked at. Which "
        "ones may be used is a decision to be made once."
    ),
    remediation="Choose another `model` of `ModelDeployment`, or add this one to `models` once it is approved.",
    absent="A name that is not given is not approved. A version that is not given is Azure's choice, so none in particular.",
    parameters=(
        Parameter(
            name="models",
            default=[],
            description="Names of approved models, such as `gpt-4o`, or with a version, such as `gpt-4o:2024-08-06`; empty for all.",
            schema={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
    ),
    check=check,
)


def _deployment(name: object, version: object = None) -> dict[str, object]:
    return {"properties": {"model": {"format": "OpenAI", "name": name, "version": version}}}


_MODELS = {"models": ["gpt-4o:2024-08-06", "gpt-4o:2024-11-20", "Phi-4"]}
GOOD: GoodCases = {
    "all are approved": _deployment("gpt-35-turbo"),
    "any version of it": Good(_deployment("phi-4", "7"), given=_MODELS),
    "an approved version": Good(_deployment("GPT-4o", "2024-11-20"), given=_MODELS),
}
BAD: BadCases = {
    "not approved": Bad(
        _deployment("gpt-4", "1"),
        says=("properties.model.name is 'gpt-4'; one of gpt-4o:2024-08-06, gpt-4o:2024-11-20, Phi-4 is needed"),
        given=_MODELS,
    ),
    "another version": Bad(
        _deployment("gpt-4o", "2024-05-13"),
        says="properties.model.version is '2024-05-13'; one of gpt-4o:2024-08-06, gpt-4o:2024-11-20 is needed",
        given=_MODELS,
    ),
    "any version": Bad(_deployment("GPT-4O"), says="properties.model.version is absent", given=_MODELS),
    "no name": Bad({"properties": {}}, says="properties.model.name is absent", given=_MODELS),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": Good(_deployment(UNKNOWN), given=_MODELS),
    "version decided later": Good(_deployment("gpt-4o", UNKNOWN), given=_MODELS),
}
