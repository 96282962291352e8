# SPDX-License-Identifier: Apache-2.0
"""A storage account follows the rotation of the customer's key."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

SOURCE = "properties.encryption.keySource"
VERSION = "properties.encryption.keyvaultproperties.keyversion"


def check(account: Resource) -> Found:
    """Without a version Azure takes the newest, within a day."""
    if account.equals(SOURCE, "Microsoft.Keyvault") and account.has(VERSION):
        yield account.wrong(VERSION, "no version is needed")


RULE = Rule(
    id="GP-ST-032",
    slug="storage-key-version",
    title="A storage account follows the rotation of the customer's key",
    severity="low",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-key-version",),
    rationale=(
        "An account that names a version stays with it. The vault rotates the key, the account goes on with the old one, and stops on the "
        "day that somebody disables that."
    ),
    remediation="Pass a `key_identifier` without a version in `customer_key` of `Storage`, as `key_uris` of `KeyVault` gives it.",
    absent="Passes: Azure takes the newest version. Accounts with a key of Azure's own are not looked at.",
    check=check,
)


def _account(version: object, source: object = "Microsoft.Keyvault") -> dict[str, object]:
    named = {"keyname": "storage", "keyversion": version}
    return {"properties": {"encryption": {"keySource": source, "keyvaultproperties": named}}}


GOOD: GoodCases = {
    "not said": _account(None),
    "empty": _account(""),
    "a key of Azure's own": _account("0123", "Microsoft.Storage"),
}
BAD: BadCases = {
    "one version": Bad(
        _account("0123"),
        says="properties.encryption.keyvaultproperties.keyversion is '0123'; no version is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "version known later": _account(UNKNOWN),
    "source known later": _account("0123", UNKNOWN),
}
