# SPDX-License-Identifier: Apache-2.0
"""A secret says what it is."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

KIND = "properties.contentType"


def check(secret: Resource) -> Found:
    """Any text will do: Azure has no list of them."""
    if not secret.has(KIND):
        yield secret.wrong(KIND, "a word on what the value is, such as 'password', is needed")


RULE = Rule(
    id="GP-KV-015",
    slug="secret-content-type",
    title="A secret says what it is",
    severity="low",
    types=("Microsoft.KeyVault/vaults/secrets",),
    controls=("kv-secret-content-type",),
    rationale=(
        "Whoever has to replace a secret can not look at its value to learn whether it is a password, a connection string or a "
        "certificate. The content type tells without opening it."
    ),
    remediation="Set `properties.contentType`, such as 'connection-string'.",
    absent="A violation: nobody can tell what the value is.",
    check=check,
)

GOOD: GoodCases = {"said": {"properties": {"contentType": "password"}}}
BAD: BadCases = {
    "not said": Bad(
        {"properties": {}},
        says="properties.contentType is absent; a word on what the value is, such as 'password', is needed",
    ),
    "empty": Bad(
        {"properties": {"contentType": ""}},
        says="properties.contentType is ''; a word on what the value is, such as 'password', is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"contentType": UNKNOWN}}}
