# SPDX-License-Identifier: Apache-2.0
"""A storage account is no SFTP server."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

SFTP = "properties.isSftpEnabled"


def check(account: Resource) -> Found:
    """Azure leaves it off, and charges by the hour once it is on."""
    if account.equals(SFTP, True):
        yield account.wrong(SFTP, "false is needed")


RULE = Rule(
    id="GP-ST-026",
    slug="storage-sftp",
    title="A storage account is no SFTP server",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-sftp",),
    rationale=(
        "SFTP clients sign in as local users, past every rule that the company has for its identities. Where partners deliver that way, "
        "give them an account of their own, exempt it, and move the data on from there."
    ),
    remediation="Use `Storage`, which always leaves it off.",
    absent="Passes: Azure leaves it off.",
    check=check,
)

GOOD: GoodCases = {
    "off": {"properties": {"isSftpEnabled": False}},
    "not said": {"properties": {"isHnsEnabled": True}},
}
BAD: BadCases = {
    "on": Bad({"properties": {"isSftpEnabled": True}}, says="properties.isSftpEnabled is true; false is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"isSftpEnabled": UNKNOWN}}}
