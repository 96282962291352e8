# SPDX-License-Identifier: Apache-2.0
"""A storage account is encrypted with a key of the customer."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

SOURCE = "properties.encryption.keySource"


def check(account: Resource) -> Found:
    """Azure says where the key lies; a managed HSM is written the same way."""
    if not account.equals(SOURCE, "Microsoft.Keyvault"):
        yield account.wrong(SOURCE, "'Microsoft.Keyvault' is needed")


RULE = Rule(
    id="GP-ST-011",
    slug="storage-customer-key",
    title="A storage account is encrypted with a key of the customer",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-cmk",),
    rationale=(
        "Azure encrypts everything anyway, with a key of its own. With one in your vault you can see every use of it, and end them all by "
        "taking it away. It also means that a lost key is lost data, so it is for data that a regulation or a contract asks it for."
    ),
    remediation="Pass `customer_key` to `Storage`.",
    absent="A violation: Azure uses a key of its own.",
    check=check,
)

GOOD: GoodCases = {
    "a vault's key": {"properties": {"encryption": {"keySource": "Microsoft.Keyvault"}}},
    "in another letter case": {"properties": {"encryption": {"keySource": "Microsoft.KeyVault"}}},
}
BAD: BadCases = {
    "Azure's key": Bad(
        {"properties": {"encryption": {"keySource": "Microsoft.Storage"}}},
        says="properties.encryption.keySource is 'Microsoft.Storage'; 'Microsoft.Keyvault' is needed",
    ),
    "not said": Bad(
        {"properties": {}}, says="properties.encryption.keySource is absent; 'Microsoft.Keyvault' is needed"
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"encryption": {"keySource": UNKNOWN}}}}
