# SPDX-License-Identifier: Apache-2.0
"""A feature store reaches the stores of its features as an identity."""

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
)
from groundplan_policies.subjects.workspaces import CONNECTION, WORKSPACE

AUTH = "properties.authType"


def check(connection: Resource, stack: Stack) -> Found:
    """Offline stores are of the category ADLSGen2, online ones of Redis; other connections of the workspace are not looked at."""
    if connection.equals(AUTH, "ManagedIdentity") or not connection.equals("properties.category", "ADLSGen2", "Redis"):
        return
    workspace = stack.parent(connection)
    if workspace is not None and workspace.equals("kind", "FeatureStore"):
        yield connection.wrong(AUTH, "'ManagedIdentity' is needed, as the one that materializes features")


RULE = Rule(
    id="GP-AML-039",
    slug="feature-store-connection-identity",
    title="A feature store reaches the stores of its features as a managed identity",
    severity="medium",
    types=(CONNECTION,),
    controls=("aml-featurestore-connection-identity",),
    rationale=(
        "Features are written by jobs that nobody started, as the identity of the store. A connection with a key, or as whoever "
        "uses it, fails them or hands the key of all features to every reader."
    ),
    remediation="Use `FeatureStore`, which makes the identity and both connections, or pass a `ManagedIdentityLogin`.",
    absent="A violation for a connection to such a store; passes where the workspace is no feature store or not in the stack.",
    needs_stack=True,
    check=check,
)


def _connection(auth: object, category: object = "ADLSGen2", **more: object) -> dict[str, object]:
    return {"name": "fs/store", "properties": {"authType": auth, "category": category}, **more}


def _store(kind: object = "featurestore", **more: object) -> dict[str, object]:
    return {"type": WORKSPACE, "name": "fs", "kind": kind, **more}


_NEEDED = "'ManagedIdentity' is needed, as the one that materializes features"
GOOD: GoodCases = {
    "an identity": [_connection("managedIdentity"), _store()],
    "a connection to something else": [_connection("ApiKey", "AzureOpenAI"), _store()],
    "no feature store": [_connection("AccountKey"), _store("Default")],
    "the workspace is elsewhere": _connection("AccountKey"),
}
BAD: BadCases = {
    "a key of the offline store": Bad([_connection("AccountKey"), _store()], says=f"{AUTH} is 'AccountKey'; {_NEEDED}"),
    "the online store, and both are new": Bad(
        [_connection("AAD", "redis", parent=Later("fs")), _store(new=True)], says=f"{AUTH} is 'AAD'; {_NEEDED}"
    ),
    "not said": Bad([_connection(None), _store()], says=f"{AUTH} is absent; {_NEEDED}"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [_connection(UNKNOWN), _store()],
    "the kind is decided later": [_connection("AAD"), _store(UNKNOWN)],
}
