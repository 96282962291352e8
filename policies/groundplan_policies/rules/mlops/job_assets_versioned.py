# SPDX-License-Identifier: Apache-2.0
"""A job names the very version of all that it runs and reads."""

from collections.abc import Iterator

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
from groundplan_policies.subjects.asset_references import is_fixed, is_label, is_of_a_version
from groundplan_policies.subjects.job_definitions import JOB, SCHEDULE, definition_of

REFERENCES = ("environmentId", "codeId", "componentId", "trial.environmentId", "trial.codeId")


def check(found: Resource, stack: Stack) -> Found:
    """What runs has a version; what is read may also be a path, but no label."""

    def look(reference: View) -> Found:
        if not is_of_a_version(found, stack, reference) and (text := reference.text()) and not is_fixed(text):
            yield reference.wrong("", "one version is needed, not a label and not the newest")

    def look_at_input(uri: View) -> Found:
        if is_label(uri.text()):
            yield uri.wrong("", "one version is needed, not a label")

    definition = definition_of(found)
    yield from each_of(_references(definition), look)
    yield from each_of((each.view("uri") for _, each in definition.entries("inputs")), look_at_input)


def _references(definition: View) -> Iterator[View]:
    """Those of the job and, in a pipeline, of every step."""
    for part in (definition, *(step for _, step in definition.entries("jobs"))):
        yield from (part.view(path) for path in REFERENCES)


RULE = Rule(
    id="GP-MLO-004",
    slug="job-assets-versioned",
    title="A job names the versions of what it runs and of the assets it reads",
    severity="medium",
    types=(JOB, SCHEDULE),
    controls=("mlo-job-versions",),
    rationale="A training that runs on the newest of everything can not be repeated, so nobody can say why a model is what it is.",
    remediation="Name a version, as in `azureml:<name>:<version>` or `.../versions/<version>`, instead of `@latest`.",
    absent="Passes: the job has no such part, or the schedule starts no job.",
    unknown="What comes out of a version that the stack declares passes, even if its id is not known yet.",
    needs_stack=True,
    check=check,
)


def _job(**properties: object) -> dict[str, object]:
    return {"name": "mlw/train", "properties": {"jobType": "Command", **properties}}


def _input(uri: object) -> dict[str, object]:
    return {"table": {"jobInputType": "mltable", "uri": uri}, "rate": {"jobInputType": "literal", "value": "1"}}


_RUN = "one version is needed, not a label and not the newest"

GOOD: GoodCases = {
    "versions": _job(environmentId="azureml:sklearn:1", codeId="/codes/c/versions/1", inputs=_input("azureml:churn:2")),
    "files": _job(inputs=_input("azureml://datastores/lake/paths/user@example.org/churn")),
    "a pipeline": _job(jobs={"train": {"componentId": "/components/train/versions/1"}}),
    "a new version of the stack": [
        _job(environmentId=Later("mlw/sklearn/1")),
        {
            "type": "Microsoft.MachineLearningServices/workspaces/environments/versions",
            "name": "mlw/sklearn/1",
            "new": True,
        },
    ],
    "a schedule of something else": {"type": SCHEDULE, "properties": {"action": {"actionType": "CreateMonitor"}}},
}
BAD: BadCases = {
    "an environment": Bad(
        _job(environmentId="azureml:sklearn@latest"),
        says=f"properties.environmentId is 'azureml:sklearn@latest'; {_RUN}",
    ),
    "code": Bad(_job(codeId="/codes/c"), says=f"properties.codeId is '/codes/c'; {_RUN}"),
    "a component": Bad(_job(componentId="train"), says=f"properties.componentId is 'train'; {_RUN}"),
    "trials": Bad(
        _job(trial={"environmentId": "sklearn"}), says=f"properties.trial.environmentId is 'sklearn'; {_RUN}"
    ),
    "the code of trials": Bad(_job(trial={"codeId": "c"}), says=f"properties.trial.codeId is 'c'; {_RUN}"),
    "a step, whatever the job has": Bad(
        _job(environmentId=UNKNOWN, jobs={"train": {"componentId": "azureml:train"}}),
        says=f"properties.jobs.train.componentId is 'azureml:train'; {_RUN}",
    ),
    "data": Bad(
        _job(inputs=_input("azureml:churn@gold")),
        says="properties.inputs.table.uri is 'azureml:churn@gold'; one version is needed, not a label",
    ),
    "the newest data": Bad(_job(inputs=_input("churn:latest")), says="properties.inputs.table.uri is 'churn:latest'"),
    "a label of data": Bad(_job(inputs=_input("/data/churn/labels/gold")), says="is '/data/churn/labels/gold'"),
    "the newest data by id": Bad(_job(inputs=_input("/data/churn/versions/latest")), says="versions/latest"),
    "a schedule": Bad(
        {"type": SCHEDULE, "properties": {"action": {"jobDefinition": {"componentId": "train"}}}},
        says=f"properties.action.jobDefinition.componentId is 'train'; {_RUN}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "an environment": _job(environmentId=UNKNOWN),
    "data": _job(inputs=_input(UNKNOWN)),
}
