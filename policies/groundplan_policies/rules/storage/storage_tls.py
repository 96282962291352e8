# SPDX-License-Identifier: Apache-2.0
"""A storage account refuses old versions of TLS."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOWEST = "properties.minimumTlsVersion"


def check(account: Resource) -> Found:
    """1.2 or later, said explicitly."""
    if not account.equals(LOWEST, "TLS1_2", "TLS1_3"):
        yield account.wrong(LOWEST, "'TLS1_2' or 'TLS1_3' is needed")


RULE = Rule(
    id="GP-ST-010",
    slug="storage-tls",
    title="A storage account refuses old versions of TLS",
    severity="high",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-tls",),
    rationale="TLS 1.0 and 1.1 have known weaknesses, and a client that still speaks them has not been updated for years.",
    remediation="Use `Storage`, which always asks for 1.2.",
    absent="A violation: Azure's own reading of an account that does not say is TLS 1.0.",
    check=check,
    remedy={"properties.minimumTlsVersion": "TLS1_2"},
)

GOOD: GoodCases = {
    "1.2": {"properties": {"minimumTlsVersion": "TLS1_2"}},
    "1.3": {"properties": {"minimumTlsVersion": "TLS1_3"}},
}
BAD: BadCases = {
    "1.1": Bad(
        {"properties": {"minimumTlsVersion": "TLS1_1"}},
        says="properties.minimumTlsVersion is 'TLS1_1'; 'TLS1_2' or 'TLS1_3' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.minimumTlsVersion is absent; 'TLS1_2' or 'TLS1_3' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"minimumTlsVersion": UNKNOWN}}}
