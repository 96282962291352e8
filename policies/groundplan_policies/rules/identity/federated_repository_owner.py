# SPDX-License-Identifier: Apache-2.0
"""GitHub repositories of known owners only act as an identity."""

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
from groundplan_policies.decisions import all_of

ISSUER = "properties.issuer"
SUBJECT = "properties.subject"


def check(credential: Resource, given: Mapping[str, Any]) -> Found:
    """Without a list every owner is known."""
    owners: list[str] = given["owners"]
    known = tuple(f"repo:{owner}/" for owner in owners)
    if known and all_of(
        lambda: "token.actions.githubusercontent.com" in credential.text(ISSUER),
        lambda: credential.has(SUBJECT) and not credential.text(SUBJECT).startswith(known),
    ):
        yield credential.wrong(SUBJECT, f"a repository of {', '.join(owners)} is needed")


RULE = Rule(
    id="GP-IAM-015",
    slug="federated-repository-owner",
    title="GitHub repositories of known owners only act as an identity",
    severity="high",
    types=("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",),
    controls=("gov-federated-issuer",),
    rationale="A slip in an owner's name lets somebody else's repository act as the identity, and GitHub signs for it.",
    remediation="Write the owner in `GitHub(repository='owner/name')` as GitHub shows it, and list yours in `owners` of this rule.",
    absent="Passes: a credential without a subject has an expression, which GP-IAM-013 looks at.",
    parameters=(
        Parameter(
            name="owners",
            default=[],
            description="Organizations and users of GitHub, letter case as GitHub shows it; an empty list takes all.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)

_OURS = {"owners": ["example", "example-labs"]}


def _of(subject: object, issuer: object = "https://token.actions.githubusercontent.com") -> dict[str, object]:
    return {"properties": {"issuer": issuer, "subject": subject}}


GOOD: GoodCases = {
    "no list": _of("repo:whoever/models:environment:prod"),
    "ours": Good(_of("repo:example/models:environment:prod"), given=_OURS),
    "our labs": Good(_of("repo:example-labs/models:environment:prod"), given=_OURS),
    "ours, with an issuer decided later": Good(_of("repo:example/models:environment:prod", UNKNOWN), given=_OURS),
    "another issuer": Good(_of("system:serviceaccount:ml:scorer", "https://vstoken.dev.azure.com/x"), given=_OURS),
    "another issuer, subject decided later": Good(_of(UNKNOWN, "https://vstoken.dev.azure.com/x"), given=_OURS),
    "no subject": Good(_of(None), given=_OURS),
}
BAD: BadCases = {
    "somebody else": Bad(
        _of("repo:examples/models:environment:prod"),
        says="properties.subject is 'repo:examples/models:environment:prod'; a repository of example, example-labs is needed",
        given=_OURS,
    ),
    "letter case": Bad(_of("repo:Example/models:environment:prod"), says="is 'repo:Example/models", given=_OURS),
}
UNKNOWN_CASES: UnknownCases = {
    "subject decided later": Good(_of(UNKNOWN), given=_OURS),
    "issuer decided later": Good(_of("repo:whoever/models:environment:prod", UNKNOWN), given=_OURS),
}
