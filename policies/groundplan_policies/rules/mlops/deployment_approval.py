# SPDX-License-Identifier: Apache-2.0
"""Somebody has approved what is deployed to production."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Id,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.asset_references import asset_tag
from groundplan_policies.subjects.endpoints import BATCH_DEPLOYMENT, ONLINE_DEPLOYMENT, model_path
from groundplan_policies.subjects.environments import PARAMETERS, is_production, tag_of

VERSION = "Microsoft.MachineLearningServices/workspaces/models/versions"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """On the deployment, or on the model version where the stack has it."""
    if not is_production(deployment, stack, given) or tag_of(deployment, given["approvalTag"]):
        return
    model = stack.target(deployment, model_path(deployment), VERSION)
    if model is None or not asset_tag(model, given["approvalTag"]):
        tag = f"tags.{given['approvalTag']}"
        yield Violation(tag, f"{tag} is absent; it is needed on a production deployment or its model version")


RULE = Rule(
    id="GP-MLO-007",
    slug="deployment-approval",
    title="A tag says who approved a production deployment or its model",
    severity="medium",
    types=(ONLINE_DEPLOYMENT, BATCH_DEPLOYMENT),
    controls=("mlo-approval",),
    rationale="Whoever may write to the repository decides what production answers, unless somebody else has to agree and is on record.",
    remediation="Have the release set the tag on the model version or in `tags` of the deployment once somebody approved it.",
    absent="A violation where a tag says production. Passes elsewhere.",
    unknown="Undecided while the tag's value is not known. A model version of the stack is found by what the program passes.",
    needs_stack=True,
    parameters=(
        *PARAMETERS,
        Parameter(
            name="approvalTag",
            default="approved-by",
            description="The tag that says who approved; any value will do.",
            schema={"type": "string", "minLength": 1},
        ),
    ),
    check=check,
)


def _deployment(model: object = None, **tags: object) -> dict[str, object]:
    return {
        "name": "mlw/scoring/blue",
        "tags": {"environment": "prod", **tags},
        "properties": {"model": model},
    }


def _batch(model: object) -> dict[str, object]:
    return _deployment({"referenceType": "Id", "assetId": model}) | {"type": BATCH_DEPLOYMENT}


def _version(**tags: object) -> dict[str, object]:
    return {"type": VERSION, "name": "mlw/forest/3", "properties": {"tags": tags}}


_APPROVED = {"approved-by": "ada"}
_SAYS = "tags.approved-by is absent; it is needed on a production deployment or its model version"

GOOD: GoodCases = {
    "the deployment": _deployment(**_APPROVED),
    "the model": [_deployment(Id("mlw/forest/3")), _version(**_APPROVED)],
    "a new model": [_deployment(Later("mlw/forest/3")), _version(**_APPROVED) | {"new": True}],
    "batch": [_batch(Id("mlw/forest/3")), _version(**_APPROVED)],
    "another tag": Good(_deployment(ticket="42"), given={"approvalTag": "ticket"}),
    "not in production": _deployment(environment="dev"),
}
BAD: BadCases = {
    "nobody": Bad(_deployment("azureml://registries/r/models/forest/versions/3"), says=_SAYS),
    "nobody for the model": Bad([_deployment(Id("mlw/forest/3")), _version()], says=_SAYS),
    "nobody is named": Bad(_deployment(**{"approved-by": ""}), says=_SAYS),
    "batch": Bad([_batch(Later("mlw/forest/3")), _version() | {"new": True}], says=_SAYS),
    "not the tag that you ask for": Bad(
        _deployment(**_APPROVED), says="tags.ticket is absent", given={"approvalTag": "ticket"}
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the approval": _deployment(**{"approved-by": UNKNOWN}),
    "that of the model": [_deployment(Id("mlw/forest/3")), _version(**{"approved-by": UNKNOWN})],
    "where": _deployment(environment=UNKNOWN),
}
