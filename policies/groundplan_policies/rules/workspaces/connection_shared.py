# SPDX-License-Identifier: Apache-2.0
"""A connection that holds a secret is not shared with everybody."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.workspaces import CONNECTION, KEYS

AUTH, SHARED = "properties.authType", "properties.isSharedToAll"


def check(connection: Resource) -> Found:
    """A connection without a secret of its own gives nobody more than roles do."""
    if connection.equals(AUTH, *KEYS, "OAuth2", "ServicePrincipal") and connection.equals(SHARED, True):
        how = connection.text(AUTH)
        yield connection.wrong(SHARED, f"false is needed, as the connection holds a secret ({how})")


RULE = Rule(
    id="GP-AML-033",
    slug="connection-shared",
    title="A connection that holds a secret is not shared with everybody",
    severity="medium",
    types=(CONNECTION,),
    controls=("aml-ws-connection-shared",),
    rationale=(
        "Every member of the workspace, and of every project of a hub, can use a shared connection and read the secret in it; one "
        "who leaves takes it along."
    ),
    remediation="Leave `shared` of `Connection` at False, or log in with Microsoft Entra ID.",
    absent="Passes: Azure shares a connection only if it is told to.",
    check=check,
)


def _connection(auth: object, shared: object) -> dict[str, object]:
    return {"properties": {"authType": auth, "isSharedToAll": shared}}


GOOD: GoodCases = {
    "a key of one person": _connection("ApiKey", False),
    "not said": _connection("ApiKey", None),
    "everybody as themselves": _connection("AAD", True),
    "everybody as an identity": _connection("ManagedIdentity", True),
}
BAD: BadCases = {
    each: Bad(
        _connection(each, True),
        says=f"properties.isSharedToAll is true; false is needed, as the connection holds a secret ({each})",
    )
    for each in [
        "AccessKey",
        "AccountKey",
        "ApiKey",
        "CustomKeys",
        "PAT",
        "SAS",
        "UsernamePassword",
        "OAuth2",
        "servicePrincipal",
    ]
}
UNKNOWN_CASES: UnknownCases = {"decided later": _connection("ApiKey", UNKNOWN)}
