# SPDX-License-Identifier: Apache-2.0
"""A Cosmos DB account takes no keys, where its interface can do without.

The published checks ask it of every account. Accounts for MongoDB, Cassandra and Gremlin know nothing but keys, so they pass here.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.cosmos_accounts import takes_identities

LOCAL_AUTH = "properties.disableLocalAuth"


def check(account: Resource) -> Found:
    """Only an explicit true turns the keys off."""
    if not account.equals(LOCAL_AUTH, True) and takes_identities(account):
        yield account.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-DAT-002",
    slug="cosmos-local-auth",
    title="A Cosmos DB account takes no keys, where its interface can do without",
    severity="medium",
    types=("Microsoft.DocumentDB/databaseAccounts",),
    controls=("cosmos-local-auth",),
    rationale="A key opens all databases of the account, for ever, and the log does not say who used it.",
    remediation="Set `disableLocalAuth` to true and give callers roles of Cosmos DB's own, such as its built-in data reader.",
    absent="A violation: Azure takes keys unless told not to.",
    check=check,
)


def _account(disabled: object, kind: object = "GlobalDocumentDB", *capabilities: object) -> dict[str, object]:
    named = [{"name": each} for each in capabilities]
    return {"kind": kind, "properties": {"disableLocalAuth": disabled, "capabilities": named}}


GOOD: GoodCases = {
    "off": _account(True),
    "off, whatever it is": _account(True, UNKNOWN),
    "MongoDB": _account(False, "MongoDB"),
    "MongoDB in a capability": _account(False, "GlobalDocumentDB", "EnableMongo"),
    "Cassandra": _account(False, "GlobalDocumentDB", "EnableServerless", "EnableCassandra"),
    "Gremlin": _account(None, "GlobalDocumentDB", "EnableGremlin"),
}
BAD: BadCases = {
    "on": Bad(_account(False), says="properties.disableLocalAuth is false; true is needed"),
    "tables": Bad(_account(False, "GlobalDocumentDB", "EnableTable"), says="properties.disableLocalAuth is false"),
    "not said": Bad({"properties": {}}, says="properties.disableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _account(UNKNOWN),
    "kind decided later": _account(False, UNKNOWN),
    "capability decided later": _account(False, "GlobalDocumentDB", UNKNOWN),
}
