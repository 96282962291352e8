# SPDX-License-Identifier: Apache-2.0
"""A storage account takes encrypted connections only."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

HTTPS = "properties.supportsHttpsTrafficOnly"


def check(account: Resource) -> Found:
    """Azure asks for encryption unless told not to."""
    if account.equals(HTTPS, False):
        yield account.wrong(HTTPS, "true is needed")


RULE = Rule(
    id="GP-ST-009",
    slug="storage-https",
    title="A storage account takes encrypted connections only",
    severity="high",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-https",),
    rationale=(
        "Over plain HTTP or unencrypted SMB everybody on the way reads the data, and the token that opens the rest of it. Shares for NFS "
        "clients without encryption are the one use that needs it off, and want an exemption and a private network."
    ),
    remediation="Use `Storage`, which always demands it.",
    absent="Passes: Azure demands it.",
    check=check,
    remedy={"properties.supportsHttpsTrafficOnly": True},
)

GOOD: GoodCases = {
    "demanded": {"properties": {"supportsHttpsTrafficOnly": True}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "not demanded": Bad(
        {"properties": {"supportsHttpsTrafficOnly": False}},
        says="properties.supportsHttpsTrafficOnly is false; true is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"supportsHttpsTrafficOnly": UNKNOWN}}}
