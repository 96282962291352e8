# SPDX-License-Identifier: Apache-2.0
"""A Cosmos DB account speaks no TLS older than 1.2."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

TLS = "properties.minimalTlsVersion"


def check(account: Resource) -> Found:
    """Azure calls 1.0 `Tls` and 1.1 `Tls11`."""
    if account.equals(TLS, "Tls", "Tls11"):
        yield account.wrong(TLS, "'Tls12' is needed")


RULE = Rule(
    id="GP-DAT-004",
    slug="cosmos-tls",
    title="A Cosmos DB account speaks no TLS older than 1.2",
    severity="medium",
    types=("Microsoft.DocumentDB/databaseAccounts",),
    controls=("cosmos-tls",),
    rationale="What is sent with TLS 1.0 or 1.1 can be read and changed on its way.",
    remediation="Set `minimalTlsVersion` to `Tls12`.",
    absent="Passes: Azure asks for 1.2 of accounts that do not say otherwise.",
    check=check,
    remedy={"properties.minimalTlsVersion": "Tls12"},
)

GOOD: GoodCases = {
    "1.2": {"properties": {"minimalTlsVersion": "Tls12"}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "1.0": Bad(
        {"properties": {"minimalTlsVersion": "Tls"}}, says="properties.minimalTlsVersion is 'Tls'; 'Tls12' is needed"
    ),
    "1.1": Bad({"properties": {"minimalTlsVersion": "Tls11"}}, says="properties.minimalTlsVersion is 'Tls11'"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"minimalTlsVersion": UNKNOWN}}}
