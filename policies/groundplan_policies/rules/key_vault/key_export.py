# SPDX-License-Identifier: Apache-2.0
"""A key can not leave its vault."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

EXPORT = "properties.attributes.exportable"


def check(key: Resource) -> Found:
    """Whatever the release policy says: it can be changed later, the key that is out can not be called back."""
    if key.equals(EXPORT, True):
        yield key.wrong(EXPORT, "false is needed")


RULE = Rule(
    id="GP-KV-020",
    slug="key-export",
    title="A key can not leave its vault",
    severity="medium",
    types=("Microsoft.KeyVault/vaults/keys",),
    controls=("kv-key-export",),
    rationale=(
        "A vault logs and limits every use of a key as long as the key stays inside. An exportable one is handed to whatever satisfies "
        "its release policy. Confidential computing needs that, and wants an exemption for that key."
    ),
    remediation="Use `VaultKey`, which makes keys that stay; or leave `properties.attributes.exportable` out.",
    absent="Passes: Azure makes keys that stay in the vault.",
    check=check,
)

GOOD: GoodCases = {
    "stays": {"properties": {"attributes": {"exportable": False}}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "may leave": Bad(
        {"properties": {"attributes": {"exportable": True}}},
        says="properties.attributes.exportable is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"attributes": {"exportable": UNKNOWN}}}}
