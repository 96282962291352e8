# SPDX-License-Identifier: Apache-2.0
"""A federated credential trusts one branch, environment or service account."""

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

SUBJECT = "properties.subject"
EXPRESSION = "properties.claimsMatchingExpression.value"


def check(credential: Resource, given: Mapping[str, Any]) -> Found:
    """A subject is compared as a whole, so a star in it trusts nobody; in an expression it trusts everybody who fits."""
    for path in (SUBJECT, EXPRESSION):
        text = credential.text(path)
        if "*" in text or "?" in text:
            yield credential.wrong(path, "one branch, tag, environment or service account without wildcards is needed")
        if not given["pullRequests"] and ":pull_request" in text.casefold():
            yield credential.wrong(path, "a branch, a tag or an environment is needed, not every pull request")


RULE = Rule(
    id="GP-IAM-013",
    slug="federated-subject",
    title="A federated credential trusts one branch, environment or service account",
    severity="high",
    types=("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",),
    controls=("iam-federated-subject",),
    rationale=(
        "A pull request runs code that nobody has reviewed, and a wildcard takes in branches that anybody can make: either way whoever may "
        "propose a change acts as the identity."
    ),
    remediation=(
        "Trust an environment that asks for a reviewer: `GitHub(environment=...)` of `FederatedCredentials`, which refuses wildcards, and "
        "pull requests unless `allow_pull_requests` is set."
    ),
    absent="Passes: a credential has a subject or an expression.",
    parameters=(
        Parameter(
            name="pullRequests",
            default=False,
            description="Pull requests are trusted: for identities that only read.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _of(subject: object) -> dict[str, object]:
    return {"properties": {"subject": subject}}


def _matching(expression: object) -> dict[str, object]:
    return {"properties": {"claimsMatchingExpression": {"value": expression, "languageVersion": 1}}}


GOOD: GoodCases = {
    "environment": _of("repo:example/models:environment:prod"),
    "branch with that word": _of("repo:example/models:ref:refs/heads/pull_request"),
    "service account": _of("system:serviceaccount:ml:scorer"),
    "expression without wildcards": _matching("claims['sub'] eq 'repo:example/models:environment:prod'"),
    "pull requests that are agreed": Good(_of("repo:example/models:pull_request"), given={"pullRequests": True}),
    "nothing": {"properties": {}},
}
BAD: BadCases = {
    "all branches": Bad(
        _of("repo:example/models:ref:refs/heads/*"),
        says=(
            "properties.subject is 'repo:example/models:ref:refs/heads/*'; one branch, tag, environment or service account without "
            "wildcards is needed"
        ),
    ),
    "any letter": Bad(_of("repo:example/models:environment:prod?"), says="environment:prod?'; one branch"),
    "all branches by expression": Bad(
        _matching("claims['sub'] matches 'repo:example/models:ref:refs/heads/*'"),
        says="properties.claimsMatchingExpression.value is \"claims['sub'] matches 'repo:example/models:ref:refs/heads/*'\"; one",
    ),
    "pull requests": Bad(
        _of("repo:example/models:Pull_request"),
        says=(
            "properties.subject is 'repo:example/models:Pull_request'; a branch, a tag or an environment is needed, not every pull request"
        ),
    ),
    "wildcard, even where pull requests are agreed": Bad(
        _of("repo:example/*:pull_request"), says="without wildcards is needed", given={"pullRequests": True}
    ),
}
UNKNOWN_CASES: UnknownCases = {"subject decided later": _of(UNKNOWN), "expression decided later": _matching(UNKNOWN)}
