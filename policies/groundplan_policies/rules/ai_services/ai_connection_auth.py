# SPDX-License-Identifier: Apache-2.0
"""A connection of AI Foundry to another Azure service holds no key.

Asked of services that take tokens of Microsoft Entra ID. Services of others, and Application Insights, have nothing but a key to offer.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

AUTH = "properties.authType"
KEYS = ("AccessKey", "AccountKey", "ApiKey", "CustomKeys", "PAT", "SAS", "ServicePrincipal", "UsernamePassword")
"""Ways to log in with something that can be copied."""
SERVICES = (
    "ADLSGen2",
    "AIServices",
    "AzureBlob",
    "AzureOpenAI",
    "AzureSqlDb",
    "AzureStorageAccount",
    "CognitiveSearch",
    "CognitiveService",
    "ContainerRegistry",
    "CosmosDb",
)
"""Categories of connections to services that take tokens of Microsoft Entra ID."""


def check(connection: Resource) -> Found:
    """An identity, of the project or of its user, needs no key."""
    if connection.equals("properties.category", *SERVICES) and connection.equals(AUTH, *KEYS):
        yield connection.wrong(AUTH, "'AAD' or 'ManagedIdentity' is needed")


RULE = Rule(
    id="GP-AI-013",
    slug="ai-connection-auth",
    title="A connection of AI Foundry to another Azure service holds no key",
    severity="medium",
    types=(
        "Microsoft.CognitiveServices/accounts/connections",
        "Microsoft.CognitiveServices/accounts/projects/connections",
    ),
    controls=("cog-connection-auth",),
    rationale=(
        "Everybody who may use the connection can read its key, and everybody with the key has all of the service. With an "
        "identity each caller has the roles that were given to it."
    ),
    remediation="Set `authType` to `AAD` and give the project's identity its roles on the service.",
    absent="Passes: a connection without a way to log in has no key.",
    check=check,
)


def _connection(category: object, auth: object) -> dict[str, object]:
    return {"properties": {"category": category, "authType": auth}}


GOOD: GoodCases = {
    "identity": _connection("AzureOpenAI", "AAD"),
    "not said": {"properties": {"category": "AzureBlob"}},
    "a service of somebody else": _connection("Serp", "ApiKey"),
}
BAD: BadCases = {
    **{
        auth: Bad(
            _connection("CognitiveSearch", auth),
            says=f"properties.authType is '{auth}'; 'AAD' or 'ManagedIdentity' is needed",
        )
        for auth in (
            "AccessKey",
            "AccountKey",
            "ApiKey",
            "CustomKeys",
            "PAT",
            "SAS",
            "ServicePrincipal",
            "UsernamePassword",
        )
    },
    **{
        category: Bad(_connection(category, "ApiKey"), says="properties.authType is 'ApiKey'")
        for category in (
            "ADLSGen2",
            "AIServices",
            "AzureBlob",
            "AzureOpenAI",
            "AzureSqlDb",
            "AzureStorageAccount",
            "CognitiveService",
            "ContainerRegistry",
            "CosmosDb",
        )
    },
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _connection("AzureOpenAI", UNKNOWN),
    "service decided later": _connection(UNKNOWN, "ApiKey"),
}
