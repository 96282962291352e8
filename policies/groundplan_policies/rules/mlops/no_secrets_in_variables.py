# SPDX-License-Identifier: Apache-2.0
"""No environment variable holds a secret. Messages name the variable and never its value."""

from collections.abc import Iterator

from groundplan_policies.authoring import (
    SECRET,
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Resource,
    Rule,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.endpoints import BATCH_DEPLOYMENT, ONLINE_DEPLOYMENT
from groundplan_policies.subjects.job_definitions import JOB, SCHEDULE, definition_of
from groundplan_policies.subjects.secret_texts import suspicion
from groundplan_policies.subjects.workspaces import COMPUTE


def check(found: Resource) -> Found:
    """Variables of deployments, of jobs and their steps and trials, and of what people add to an instance."""
    yield from each_of(_variables(found), _look)


def _look(variable: View) -> Found:
    name = variable.at.rpartition(".environmentVariables.")[2].removesuffix(".value")
    if reason := suspicion(name, variable):
        yield Violation(variable.at, f"{variable.at} {reason}; a reference to a vault or a connection is needed")


def _variables(found: Resource) -> Iterator[View]:
    if found.is_a(COMPUTE):
        for service in found.items("properties.properties.customServices"):
            yield from (each.view("value") for _, each in service.entries("environmentVariables"))
        return
    definition = definition_of(found)
    steps = [step for _, step in definition.entries("jobs")]
    for part in (definition, definition.view("trial"), *steps):
        yield from (each for _, each in part.entries("environmentVariables"))


RULE = Rule(
    id="GP-MLO-009",
    slug="no-secrets-in-variables",
    title="No environment variable of a deployment, job or compute holds a secret",
    severity="high",
    types=(ONLINE_DEPLOYMENT, BATCH_DEPLOYMENT, JOB, SCHEDULE, COMPUTE),
    controls=("mlo-secrets-in-variables",),
    rationale="Azure shows variables in plain text to whoever may read the resource, and keeps them in its logs and your state.",
    remediation=(
        "Keep the secret in a key vault or a connection and pass `${{keyvault:https://<vault>.vault.azure.net/secrets/<name>}}`, or have "
        "the program read it with its identity."
    ),
    absent="Passes: there are no variables.",
    unknown="A value that is secret in the program is a violation; one that is not known yet is decided later.",
    check=check,
)


def _deployment(variables: object) -> dict[str, object]:
    return {"properties": {"environmentVariables": variables}}


def _job(**properties: object) -> dict[str, object]:
    return {"type": JOB, "properties": properties}


def _says(at: str, reason: str) -> str:
    return f"{at} {reason}; a reference to a vault or a connection is needed"


_NAMED = "has the name of a secret"
_AT = "properties.environmentVariables"

GOOD: GoodCases = {
    "plain": _deployment({"LOG_LEVEL": "debug", "API_TOKENIZER": "fast", "TOKEN_LIMIT": "100000"}),
    **{
        f"a switch, {value}": _deployment({"USE_TOKEN": value})
        for value in ("true", "false", "Yes", "no", "none", "1024")
    },
    "words of a model": _deployment({"EOS_TOKEN": "</s>", "MASK_TOKEN": "[MASK]", "PAD_TOKEN": ""}),
    "references": _deployment(
        {
            "API_KEY": "${{keyvault:https://kv.vault.azure.net/secrets/api}}",
            "DB_PASSWORD": "https://kv.vault.azure.net/secrets/db",
        }
    ),
    "addresses": _deployment({"URL": "https://example.org/a?signed=1", "SERVER": "https://example.org:80/a@b"}),
    "none": {"properties": {}},
    "a compute without services": {"type": COMPUTE, "properties": {"computeType": "AmlCompute"}},
}
BAD: BadCases = {
    "by its form": Bad(
        _deployment({"SETTING": "AccountName=a;AccountKey=abc"}),
        says=_says(f"{_AT}.SETTING", "has the form of a secret"),
    ),
    **{
        f"the name {name}": Bad(_deployment({name: "abc"}), says=_says(f"{_AT}.{name}", _NAMED))
        for name in (
            "DB_PASSWORD",
            "passwd",
            "ROOT_PWD",
            "clientSecret",
            "HF_TOKEN",
            "AWS_CREDENTIALS",
            "credential",
            "SQL_CONNECTION_STRING",
            "BLOB_SAS",
            "sas",
            "OPENAI_API_KEY",
            "AccountKey",
            "ACCESS-KEY",
            "private_key",
            "sharedkey",
            "storage_key",
            "SIGNING_KEY",
            "encryption_key",
        )
    },
    "a secret of the program": Bad(
        _deployment({"FLAG": SECRET}),
        says=_says(f"{_AT}.FLAG", "is a secret of the program, which Azure shows in plain text"),
    ),
    "the second, whatever the first is": Bad(
        _deployment({"FIRST": UNKNOWN, "HF_TOKEN": "abc"}), says=_says(f"{_AT}.HF_TOKEN", _NAMED)
    ),
    "a job": Bad(_job(environmentVariables={"HF_TOKEN": "abc"}), says=_says(f"{_AT}.HF_TOKEN", _NAMED)),
    "a trial": Bad(
        _job(trial={"environmentVariables": {"HF_TOKEN": "abc"}}),
        says=_says("properties.trial.environmentVariables.HF_TOKEN", _NAMED),
    ),
    "a step": Bad(
        _job(jobs={"train": {"environmentVariables": {"HF_TOKEN": "abc"}}}),
        says=_says("properties.jobs.train.environmentVariables.HF_TOKEN", _NAMED),
    ),
    "a schedule": Bad(
        {"type": SCHEDULE, "properties": {"action": {"jobDefinition": {"environmentVariables": {"HF_TOKEN": "abc"}}}}},
        says=_says("properties.action.jobDefinition.environmentVariables.HF_TOKEN", _NAMED),
    ),
    "an instance": Bad(
        {
            "type": COMPUTE,
            "properties": {
                "properties": {"customServices": [{"environmentVariables": {"HF_TOKEN": {"value": "abc"}}}]}
            },
        },
        says=_says("properties.properties.customServices[0].environmentVariables.HF_TOKEN.value", _NAMED),
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "a value": _deployment({"FLAG": UNKNOWN}),
    "all values": {"properties": {"environmentVariables": UNKNOWN}},
}
