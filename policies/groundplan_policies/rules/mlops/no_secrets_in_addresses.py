# SPDX-License-Identifier: Apache-2.0
"""No address of an asset holds a secret. Messages never repeat the address."""

from groundplan_policies.authoring import (
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
from groundplan_policies.subjects.secret_texts import holds_secret

PATHS = ("properties.dataUri", "properties.modelUri", "properties.codeUri", "properties.build.contextUri")


def check(version: Resource) -> Found:
    """Whichever address the asset has."""
    yield from each_of((version.view(path) for path in PATHS), _look)


def _look(address: View) -> Found:
    if holds_secret(address.text()):
        yield Violation(address.at, f"{address.at} has a secret in it; the path of a datastore is needed")


RULE = Rule(
    id="GP-MLO-011",
    slug="no-secrets-in-addresses",
    title="No address of data, models, code or environments holds a secret",
    severity="high",
    types=tuple(
        f"Microsoft.MachineLearningServices/{owner}/{asset}/versions"
        for owner in ("workspaces", "registries")
        for asset in ("data", "models", "codes", "environments")
    ),
    controls=("mlo-secrets-in-addresses",),
    rationale="A version never changes, so a signed address in it is shown to everybody for as long as the version is there.",
    remediation="Write the address as `azureml://datastores/<name>/paths/<path>`, and renew the key that signed the old one.",
    absent="Passes: the asset has no such address.",
    check=check,
)

_SIGNED = "https://a.blob.core.windows.net/b?sv=1&sig=abc"
_SAYS = "has a secret in it; the path of a datastore is needed"

GOOD: GoodCases = {
    "a datastore": {"properties": {"dataUri": "azureml://datastores/lake/paths/churn"}},
    "a plain address": {"properties": {"codeUri": "https://a.blob.core.windows.net/b/c.py"}},
    "none": {"properties": {}},
}
BAD: BadCases = {
    "data": Bad({"properties": {"dataUri": _SIGNED}}, says=f"properties.dataUri {_SAYS}"),
    "a model": Bad({"properties": {"modelUri": _SIGNED}}, says=f"properties.modelUri {_SAYS}"),
    "code, whatever else there is": Bad(
        {"properties": {"dataUri": UNKNOWN, "codeUri": _SIGNED}}, says=f"properties.codeUri {_SAYS}"
    ),
    "an environment": Bad(
        {
            "type": "Microsoft.MachineLearningServices/registries/environments/versions",
            "properties": {"build": {"contextUri": _SIGNED}},
        },
        says=f"properties.build.contextUri {_SAYS}",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"dataUri": UNKNOWN}}}
