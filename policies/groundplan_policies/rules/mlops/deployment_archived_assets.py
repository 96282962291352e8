# SPDX-License-Identifier: Apache-2.0
"""Nothing that was archived is deployed."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.asset_references import is_archived
from groundplan_policies.subjects.endpoints import BATCH_DEPLOYMENT, ONLINE_DEPLOYMENT, model_path

ASSETS = tuple(
    f"Microsoft.MachineLearningServices/{owner}/{asset}/versions"
    for owner in ("workspaces", "registries")
    for asset in ("models", "environments", "codes")
)

PATHS = ("properties.environmentId", "properties.codeConfiguration.codeId")


def check(deployment: Resource, stack: Stack) -> Found:
    """Versions that the stack has, and what they are versions of."""

    def look(reference: View) -> Found:
        version = stack.target(deployment, reference.at, *ASSETS)
        holders = (version, stack.parent(version)) if version is not None else ()
        if any(each is not None and is_archived(each) for each in holders):
            yield Violation(reference.at, f"{reference.at} leads to a version that is archived; one in use is needed")

    yield from each_of((deployment.view(path) for path in (model_path(deployment), *PATHS)), look)


RULE = Rule(
    id="GP-MLO-018",
    slug="deployment-archived-assets",
    title="No deployment runs a model, an environment or code that is archived",
    severity="medium",
    types=(ONLINE_DEPLOYMENT, BATCH_DEPLOYMENT),
    controls=("mlo-archived-assets",),
    rationale="People archive a version so that nobody uses it any more, often for a fault; Azure deploys it all the same.",
    remediation="Deploy another version, or set `isArchived` to false again.",
    absent="Passes: a version is in use unless it says otherwise. Versions that the stack does not have are not looked at.",
    unknown="Decided by what the program passes to the deployment, where the version's id is not known yet.",
    needs_stack=True,
    check=check,
)


def _online(**references: object) -> dict[str, object]:
    return {"name": "mlw/scoring/blue", "properties": references}


def _version(asset: str, archived: object, **more: object) -> dict[str, object]:
    return {
        "type": f"Microsoft.MachineLearningServices/workspaces/{asset}/versions",
        "name": "mlw/forest/3",
        "properties": {"isArchived": archived},
        **more,
    }


_MODEL = {
    "type": "Microsoft.MachineLearningServices/workspaces/models",
    "name": "mlw/forest",
    "properties": {"isArchived": True},
}
_THIS = Id("mlw/forest/3")
_SAYS = "leads to a version that is archived; one in use is needed"

GOOD: GoodCases = {
    "in use": [_online(model=_THIS), _version("models", archived=False)],
    "not said": [_online(model=Later("mlw/forest/3")), _version("models", None, new=True)],
    "elsewhere": _online(model="azureml://registries/r/models/forest/versions/3"),
    "nothing": _online(),
}
BAD: BadCases = {
    "a model": Bad([_online(model=_THIS), _version("models", archived=True)], says=f"properties.model {_SAYS}"),
    "a new environment": Bad(
        [_online(environmentId=Later("mlw/forest/3")), _version("environments", archived=True, new=True)],
        says=f"properties.environmentId {_SAYS}",
    ),
    "new code": Bad(
        [_online(codeConfiguration={"codeId": Later("mlw/forest/3")}), _version("codes", archived=True, new=True)],
        says=f"properties.codeConfiguration.codeId {_SAYS}",
    ),
    "a new model of a registry, in a batch": Bad(
        [
            {"type": BATCH_DEPLOYMENT, "properties": {"model": {"assetId": Later("reg/forest/3")}}},
            _version("models", archived=True, new=True)
            | {"type": "Microsoft.MachineLearningServices/registries/models/versions", "name": "reg/forest/3"},
        ],
        says=f"properties.model.assetId {_SAYS}",
    ),
    "all versions": Bad([_online(model=_THIS), _version("models", None), _MODEL], says=f"properties.model {_SAYS}"),
}
UNKNOWN_CASES: UnknownCases = {
    "whether": [_online(model=_THIS), _version("models", UNKNOWN)],
    "whether, of the code": [_online(codeConfiguration={"codeId": _THIS}), _version("codes", UNKNOWN)],
}
