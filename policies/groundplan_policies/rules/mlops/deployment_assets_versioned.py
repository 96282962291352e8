# SPDX-License-Identifier: Apache-2.0
"""A deployment names the very version of all that it runs."""

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
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.asset_references import is_fixed, is_of_a_version
from groundplan_policies.subjects.endpoints import BATCH_DEPLOYMENT, ONLINE_DEPLOYMENT, model_path

PATHS = (
    "properties.environmentId",
    "properties.codeConfiguration.codeId",
    "properties.deploymentConfiguration.componentId.assetId",
)


def check(deployment: Resource, stack: Stack) -> Found:
    """Model, environment, code and component, whichever are given."""

    def look(reference: View) -> Found:
        if is_of_a_version(deployment, stack, reference):
            return
        text = reference.text()
        if text and not is_fixed(text):
            yield reference.wrong("", "one version is needed, not a label and not the newest")

    yield from each_of((deployment.view(path) for path in (model_path(deployment), *PATHS)), look)


RULE = Rule(
    id="GP-MLO-003",
    slug="deployment-assets-versioned",
    title="A deployment names the version of its model, environment and code",
    severity="high",
    types=(ONLINE_DEPLOYMENT, BATCH_DEPLOYMENT),
    controls=("mlo-deployment-versions",),
    rationale="With a label the next restart may load another model than the one that was tested and approved, and nothing shows it.",
    remediation="Pass the id of a version, such as `azureml://registries/<registry>/models/<name>/versions/<version>`.",
    absent="Passes: the deployment has no such part.",
    unknown="What comes out of a version that the stack declares passes, even if its id is not known yet.",
    needs_stack=True,
    check=check,
)


def _online(model: object = None, environment: object = None, code: object = None) -> dict[str, object]:
    return {
        "name": "mlw/scoring/blue",
        "properties": {"model": model, "environmentId": environment, "codeConfiguration": {"codeId": code}},
    }


def _batch(model: object = None, component: object = None) -> dict[str, object]:
    content = {"model": {"assetId": model}, "deploymentConfiguration": {"componentId": {"assetId": component}}}
    return {"type": BATCH_DEPLOYMENT, "name": "mlw/nightly/forest", "properties": content}


_MODEL = "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w/models/forest"
_VERSION = {
    "type": "Microsoft.MachineLearningServices/workspaces/models/versions",
    "name": "mlw/forest/3",
    "new": True,
}
_SAYS = "; one version is needed, not a label and not the newest"

GOOD: GoodCases = {
    "ids": _online(
        f"{_MODEL}/versions/3", "azureml://registries/r/environments/e/versions/1.2", f"{_MODEL}/Versions/1"
    ),
    "names": _online("forest:3", "azureml:sklearn:1"),
    "a new version of the stack": [_online(Later("mlw/forest/3")), _VERSION],
    "batch": _batch(f"{_MODEL}/versions/3"),
    "nothing": _online(),
}
BAD: BadCases = {
    "a label": Bad(_online("azureml:forest@latest"), says=f"properties.model is 'azureml:forest@latest'{_SAYS}"),
    "a label in an id": Bad(
        _online(None, "/e/labels/latest"), says=f"properties.environmentId is '/e/labels/latest'{_SAYS}"
    ),
    "the newest version": Bad(
        _online(None, None, "/c/versions/latest"),
        says=f"properties.codeConfiguration.codeId is '/c/versions/latest'{_SAYS}",
    ),
    "the newest by name": Bad(_online("forest:Latest"), says=f"properties.model is 'forest:Latest'{_SAYS}"),
    "a name alone": Bad(_online("azureml:forest"), says=f"properties.model is 'azureml:forest'{_SAYS}"),
    "files": Bad(_online("azureml://datastores/d/paths/forest"), says=f"'azureml://datastores/d/paths/forest'{_SAYS}"),
    "the second, whatever the first is": Bad(
        _online(UNKNOWN, "sklearn"), says=f"properties.environmentId is 'sklearn'{_SAYS}"
    ),
    "batch": Bad(_batch("/m/labels/latest"), says=f"properties.model.assetId is '/m/labels/latest'{_SAYS}"),
    "a component": Bad(
        _batch(None, "/c"), says=f"properties.deploymentConfiguration.componentId.assetId is '/c'{_SAYS}"
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "not of the version of the stack": [_online(UNKNOWN), _VERSION],
    "of something else": [
        _online(Later("mlw")),
        {"type": "Microsoft.MachineLearningServices/workspaces", "name": "mlw"},
    ],
}
