# SPDX-License-Identifier: Apache-2.0
"""A private endpoint rule asks for a part that the target has."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.subjects.workspaces import OUTBOUND_RULE, WORKSPACE, check_rules

TARGET, PART = "destination.serviceResourceId", "destination.subresourceTarget"
_STORAGE = ("blob", "dfs", "file", "queue", "table", "web")
PARTS = {
    "microsoft.cache/redis": ("redisCache",),
    "microsoft.cognitiveservices/accounts": ("account",),
    "microsoft.containerregistry/registries": ("registry",),
    "microsoft.databricks/workspaces": ("databricks_ui_api", "browser_authentication"),
    "microsoft.datafactory/factories": ("dataFactory", "portal"),
    "microsoft.dbforpostgresql/flexibleservers": ("postgresqlServer",),
    "microsoft.eventhub/namespaces": ("namespace",),
    "microsoft.keyvault/vaults": ("vault",),
    "microsoft.machinelearningservices/registries": ("amlregistry",),
    "microsoft.machinelearningservices/workspaces": ("amlworkspace",),
    "microsoft.search/searchservices": ("searchService",),
    "microsoft.sql/servers": ("sqlServer",),
    "microsoft.storage/storageaccounts": (*_STORAGE, *(f"{each}_secondary" for each in _STORAGE if each != "file")),
}
"""Group ids by type of target, for the services that machine learning platforms use; any other target passes."""


def check(resource: Resource) -> Found:
    """A rule by itself, or those in a workspace."""
    yield from check_rules(resource, "PrivateEndpoint", _of_rule)


def _of_rule(rule: View) -> Found:
    if not rule.given(TARGET):
        yield rule.wrong(TARGET, "the ARM id of a resource is needed")
        return
    parts = rule.text(TARGET).casefold().rpartition("/providers/")[2].split("/")
    known = PARTS.get("/".join(parts[:2]), ()) if len(parts) == 3 else ()
    if known and not rule.equals(PART, *known):
        yield rule.wrong(PART, f"{' or '.join(map(repr, known))} is needed")


RULE = Rule(
    id="GP-AML-014",
    slug="outbound-endpoint-subresource",
    title="A private endpoint rule asks for a part that its target has",
    severity="low",
    types=(OUTBOUND_RULE, WORKSPACE),
    controls=("aml-ws-outbound-subresource",),
    rationale=(
        "Azure makes the endpoints of such rules with the network, half an hour into the first job. A part that the target does "
        "not have fails only then, for everybody who waits for compute."
    ),
    remediation="Name the part in `subresources` of `PrivateEndpointRule`: `blob`, `vault`, `registry`, `account`, ...",
    absent="A violation for a private endpoint rule without target or part; other types and a workspace without rules pass.",
    unknown="Undecided until the update knows the target: what it is decides which parts it has.",
    check=check,
)


def _id(kind: str) -> str:
    return f"/subscriptions/1/resourceGroups/rg/providers/{kind}/x"


def _rule(target: object, part: object) -> dict[str, object]:
    destination = {"serviceResourceId": target, "subresourceTarget": part}
    return {"properties": {"type": "PrivateEndpoint", "destination": destination}}


_VAULT = _id("Microsoft.KeyVault/vaults")
_PARTS = {
    "Microsoft.Cache/redis": "redisCache",
    "Microsoft.CognitiveServices/accounts": "account",
    "Microsoft.ContainerRegistry/registries": "registry",
    "Microsoft.DBforPostgreSQL/flexibleServers": "postgresqlServer",
    "Microsoft.DataFactory/factories": "dataFactory portal",
    "Microsoft.Databricks/workspaces": "databricks_ui_api browser_authentication",
    "Microsoft.EventHub/namespaces": "namespace",
    "Microsoft.KeyVault/vaults": "vault",
    "Microsoft.MachineLearningServices/registries": "amlregistry",
    "Microsoft.MachineLearningServices/workspaces": "amlworkspace",
    "Microsoft.Search/searchServices": "searchService",
    "Microsoft.Sql/servers": "sqlServer",
    "Microsoft.Storage/storageAccounts": (
        "blob dfs file queue table web blob_secondary dfs_secondary queue_secondary table_secondary web_secondary"
    ),
}
GOOD: GoodCases = {
    **{f"{part} of {kind}": _rule(_id(kind), part) for kind, parts in _PARTS.items() for part in parts.split()},
    "in another letter case": _rule(_VAULT.upper(), "Vault"),
    "a service that is not known here": _rule(_id("Microsoft.Network/applicationGateways"), "gateway"),
    "something below a known service": _rule(f"{_VAULT}/keys/y", "anything"),
    "a host": {"properties": {"type": "FQDN", "destination": "example.com"}},
}
BAD: BadCases = {
    **{f"nothing of {kind}": Bad(_rule(_id(kind), "x"), says="subresourceTarget is 'x'; '") for kind in _PARTS},
    "a part of another service": Bad(
        _rule(_VAULT, "blob"), says="properties.destination.subresourceTarget is 'blob'; 'vault' is needed"
    ),
    "no part": Bad(
        _rule(_id("Microsoft.Databricks/workspaces"), None),
        says="subresourceTarget is absent; 'databricks_ui_api' or 'browser_authentication' is needed",
    ),
    "no secondary of shares": Bad(
        _rule(_id("Microsoft.Storage/storageAccounts"), "file_secondary"), says="'blob' or 'dfs' or"
    ),
    "no target": Bad(
        {"type": WORKSPACE, "properties": {"managedNetwork": {"outboundRules": {"r": {"type": "PrivateEndpoint"}}}}},
        says=(
            "properties.managedNetwork.outboundRules.r.destination.serviceResourceId is absent; "
            "the ARM id of a resource is needed"
        ),
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the target is made later": _rule(UNKNOWN, "blob"),
    "the part is decided later": _rule(_VAULT, UNKNOWN),
}
