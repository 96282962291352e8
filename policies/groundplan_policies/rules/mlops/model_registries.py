# SPDX-License-Identifier: Apache-2.0
"""Models come from agreed registries."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
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
from groundplan_policies.subjects.endpoints import BATCH_DEPLOYMENT, ONLINE_DEPLOYMENT, SERVERLESS_ENDPOINT, model_path

_REGISTRY = re.compile(r"/registries/([^/]+)/models/", re.IGNORECASE)


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """A model of the workspace itself is allowed unless the parameter says otherwise."""
    path = "properties.modelSettings.modelId" if found.is_a(SERVERLESS_ENDPOINT) else model_path(found)
    model = found.text(path)
    registry = _REGISTRY.search(model)
    if registry is None:
        if model and not given["workspaceModels"]:
            yield found.wrong(path, f"a model of the registries {', '.join(given['registries'])} is needed")
    elif not any(fnmatchcase(registry[1].casefold(), each.casefold()) for each in given["registries"]):
        yield found.wrong(path, f"a model of the registries {', '.join(given['registries'])} is needed")


RULE = Rule(
    id="GP-MLO-021",
    slug="model-registries",
    title="Models that are deployed come from agreed registries",
    severity="medium",
    types=(ONLINE_DEPLOYMENT, BATCH_DEPLOYMENT, SERVERLESS_ENDPOINT),
    controls=("aml-deployment-approved-models",),
    rationale="Public catalogues hold models of anybody, with any licence; a registry of your own holds what your people have looked at.",
    remediation="Deploy the model from a registry in `registries`, or add the one that it comes from.",
    absent="Passes: there is no model.",
    parameters=(
        Parameter(
            name="registries",
            default=["*"],
            description="Registries that models may come from, in any letter case; `*` stands for anything.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
        Parameter(
            name="workspaceModels",
            default=True,
            description="Models that a workspace holds itself may be deployed.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _online(model: object) -> dict[str, object]:
    return {"properties": {"model": model}}


_OURS = {"registries": ["Platform-*", "azureml"]}
_META = "azureml://registries/azureml-meta/models/llama"
_SAYS = "; a model of the registries Platform-*, azureml is needed"

GOOD: GoodCases = {
    "any registry": _online(f"{_META}/versions/3"),
    "ours": Good(_online("/providers/x/Registries/platform-prod/models/forest/versions/3"), given=_OURS),
    "of the workspace": Good(_online("/workspaces/mlw/models/forest/versions/3"), given=_OURS),
    "none": Good(_online(None), given={"workspaceModels": False}),
}
BAD: BadCases = {
    "another's": Bad(
        _online(f"{_META}/versions/3"), says=f"properties.model is '{_META}/versions/3'{_SAYS}", given=_OURS
    ),
    "another's, in a batch": Bad(
        {"type": BATCH_DEPLOYMENT, "properties": {"model": {"assetId": f"{_META}/versions/3"}}},
        says=f"properties.model.assetId is '{_META}/versions/3'{_SAYS}",
        given=_OURS,
    ),
    "another's, without machines": Bad(
        {"type": SERVERLESS_ENDPOINT, "properties": {"modelSettings": {"modelId": f"{_META}/"}}},
        says="properties.modelSettings.modelId is",
        given={"registries": ["azureml"]},
    ),
    "of the workspace": Bad(
        _online("azureml:forest:3"),
        says=f"properties.model is 'azureml:forest:3'{_SAYS}",
        given=_OURS | {"workspaceModels": False},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _online(UNKNOWN)}
