# SPDX-License-Identifier: Apache-2.0
"""A production deployment keeps what it is asked and what it answers."""

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
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT
from groundplan_policies.subjects.environments import PARAMETERS, is_production

COLLECTIONS = "properties.dataCollector.collections"
MODE = "dataCollectionMode"
ON = "Enabled"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Every collection that is asked for."""
    if is_production(deployment, stack, given):
        collections = deployment.view(COLLECTIONS)
        yield from each_of((collections.view(name) for name in given["collections"]), _look)


def _look(collection: View) -> Found:
    if not collection.equals(MODE, ON):
        yield collection.wrong(MODE, "'Enabled' is needed in production")


RULE = Rule(
    id="GP-MLO-008",
    slug="deployment-data-collection",
    title="A production deployment keeps what it is asked and what it answers",
    severity="low",
    types=(ONLINE_DEPLOYMENT,),
    controls=("mlo-data-collection",),
    rationale="A model gets worse in silence when the world changes; without its requests nobody can see that, or find out why.",
    remediation="Pass `data_collection=DataCollection()` to the deployment; exempt one whose requests may not be kept.",
    absent="A violation where a tag says production: Azure keeps nothing unless asked to. Passes elsewhere.",
    needs_stack=True,
    parameters=(
        *PARAMETERS,
        Parameter(
            name="collections",
            default=["model_inputs", "model_outputs"],
            description="Collections that have to be on, by the names that scoring scripts use.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _deployment(environment: object = "prod", **modes: object) -> dict[str, object]:
    collections = {name: {"dataCollectionMode": mode} for name, mode in modes.items()}
    return {
        "name": "mlw/scoring/blue",
        "tags": {"environment": environment},
        "properties": {"dataCollector": {"collections": collections}},
    }


GOOD: GoodCases = {
    "both": _deployment(model_inputs="Enabled", model_outputs="enabled"),
    "another one": Good(_deployment(requests="Enabled"), given={"collections": ["requests"]}),
    "not in production": _deployment("dev"),
}
BAD: BadCases = {
    "no answers": Bad(
        _deployment(model_inputs="Enabled"),
        says=f"{COLLECTIONS}.model_outputs.dataCollectionMode is absent; 'Enabled' is needed in production",
    ),
    "no questions, whatever the answers are": Bad(
        _deployment(model_inputs="Disabled", model_outputs=UNKNOWN),
        says=f"{COLLECTIONS}.model_inputs.dataCollectionMode is 'Disabled'; 'Enabled' is needed in production",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "whether": _deployment(model_inputs=UNKNOWN, model_outputs="Enabled"),
    "where": _deployment(UNKNOWN),
}
