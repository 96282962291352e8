# SPDX-License-Identifier: Apache-2.0
"""No key of a Cosmos DB account changes its databases."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.cosmos_accounts import takes_identities

METADATA = "properties.disableKeyBasedMetadataWriteAccess"


def check(account: Resource) -> Found:
    """An account without keys needs no switch for what they may do."""
    settled = any_of(
        lambda: account.equals(METADATA, True),
        lambda: account.equals("properties.disableLocalAuth", True),
        lambda: not takes_identities(account),
    )
    if not settled:
        yield account.wrong(METADATA, "true is needed")


RULE = Rule(
    id="GP-DAT-003",
    slug="cosmos-metadata-keys",
    title="No key of a Cosmos DB account changes its databases",
    severity="medium",
    types=("Microsoft.DocumentDB/databaseAccounts",),
    controls=("cosmos-metadata-keys",),
    rationale=(
        "With an account's key an application can drop a container or raise its throughput, past every role and lock that Azure "
        "Resource Manager knows of."
    ),
    remediation="Set `disableKeyBasedMetadataWriteAccess` to true, or turn keys off altogether with `disableLocalAuth`.",
    absent="A violation: Azure lets keys do that unless told not to. Accounts for MongoDB, Cassandra and Gremlin pass.",
    check=check,
)


def _account(metadata: object, local: object = False, kind: object = "GlobalDocumentDB") -> dict[str, object]:
    return {
        "kind": kind,
        "properties": {"disableKeyBasedMetadataWriteAccess": metadata, "disableLocalAuth": local},
    }


GOOD: GoodCases = {
    "data only": _account(True),
    "no keys": _account(False, True),
    "no keys, the rest decided later": _account(UNKNOWN, True),
    "MongoDB": _account(False, False, "MongoDB"),
}
BAD: BadCases = {
    "may change": Bad(_account(False), says="properties.disableKeyBasedMetadataWriteAccess is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.disableKeyBasedMetadataWriteAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _account(UNKNOWN),
    "keys decided later": _account(False, UNKNOWN),
}
