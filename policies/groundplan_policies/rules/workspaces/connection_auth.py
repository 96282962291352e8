# SPDX-License-Identifier: Apache-2.0
"""A connection to a service that knows Microsoft Entra ID does not log in with a key."""

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
from groundplan_policies.subjects.workspaces import CONNECTION, KEYS

AUTH, CATEGORY = "properties.authType", "properties.category"


def check(connection: Resource, given: Mapping[str, Any]) -> Found:
    """Services of others have their own ways, which have to be secrets."""
    if connection.equals(AUTH, *KEYS) and connection.equals(CATEGORY, *given["categories"]):
        known = connection.text(CATEGORY)
        yield connection.wrong(AUTH, f"{known!r} knows Microsoft Entra ID: 'AAD' or 'ManagedIdentity' is needed")


RULE = Rule(
    id="GP-AML-032",
    slug="connection-auth",
    title="A connection to an Azure service logs in with Microsoft Entra ID, not with a key",
    severity="medium",
    types=(CONNECTION,),
    controls=("aml-ws-connection-auth",),
    rationale=(
        "Whoever may use a connection may read its secret, and a key names nobody: it works from anywhere until it is renewed. "
        "An identity has roles, shows in logs and is withdrawn in one place."
    ),
    remediation="Leave `credential` of `Connection` out, or pass a `ManagedIdentityLogin`; the identity needs a role on the service.",
    absent="Passes: a connection without a way to log in holds no key.",
    parameters=(
        Parameter(
            name="categories",
            default=[
                "ADLSGen2",
                "AIServices",
                "AzureBlob",
                "AzureDataExplorer",
                "AzureKeyVault",
                "AzureOneLake",
                "AzureOpenAI",
                "AzureSqlDb",
                "AzureStorageAccount",
                "AzureSynapseAnalytics",
                "CognitiveSearch",
                "CognitiveService",
                "ContainerRegistry",
                "CosmosDb",
            ],
            description="Categories of connections whose services know Microsoft Entra ID.",
            schema={"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        ),
    ),
    check=check,
)


def _connection(category: object, auth: object) -> dict[str, object]:
    return {"properties": {"category": category, "authType": auth}}


_NEEDED = "knows Microsoft Entra ID: 'AAD' or 'ManagedIdentity' is needed"
GOOD: GoodCases = {
    "as whoever uses it": _connection("AzureOpenAI", "AAD"),
    "as an identity": _connection("ADLSGen2", "ManagedIdentity"),
    "as an application": _connection("AzureSqlDb", "ServicePrincipal"),
    "a service of somebody else's": _connection("Snowflake", "UsernamePassword"),
    "no way to log in": _connection("AzureOpenAI", None),
    "a key that was agreed": Good(_connection("CognitiveSearch", "ApiKey"), given={"categories": ["AzureOpenAI"]}),
}
BAD: BadCases = {
    **{
        f"a secret of the kind {key}": Bad(
            _connection("azureopenai", key), says=f"properties.authType is {key!r}; 'azureopenai' {_NEEDED}"
        )
        for key in ("AccessKey", "AccountKey", "ApiKey", "CustomKeys", "PAT", "SAS", "UsernamePassword")
    },
    **{
        f"a key of {category}": Bad(_connection(category, "apikey"), says=f"is 'apikey'; {category!r} {_NEEDED}")
        for category in [
            "ADLSGen2",
            "AIServices",
            "AzureBlob",
            "AzureDataExplorer",
            "AzureKeyVault",
            "AzureOneLake",
            "AzureOpenAI",
            "AzureSqlDb",
            "AzureStorageAccount",
            "AzureSynapseAnalytics",
            "CognitiveSearch",
            "CognitiveService",
            "ContainerRegistry",
            "CosmosDb",
        ]
    },
}
UNKNOWN_CASES: UnknownCases = {
    "the way is decided later": _connection("AzureOpenAI", UNKNOWN),
    "the service is decided later": _connection(UNKNOWN, "ApiKey"),
}
