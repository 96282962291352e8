# SPDX-License-Identifier: Apache-2.0
"""A storage account has no users of its own.

Azure does not say what an absent switch means. Its users can do nothing without SFTP, so absent is wrong only together with it.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.decisions import any_of

USERS = "properties.isLocalUserEnabled"
SFTP = "properties.isSftpEnabled"


def check(account: Resource) -> Found:
    """Switched on, or left open where SFTP needs them."""
    if any_of(
        lambda: account.equals(USERS, True), lambda: account.equals(SFTP, True) and not account.equals(USERS, False)
    ):
        yield account.wrong(USERS, "false is needed")


RULE = Rule(
    id="GP-ST-021",
    slug="storage-local-users",
    title="A storage account has no users of its own",
    severity="low",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-local-users",),
    rationale=(
        "Local users have passwords and keys that only this account knows: no second factor, no sign-in log, and no end when somebody "
        "leaves the company."
    ),
    remediation="Use `Storage`, which always forbids them; give people and services roles.",
    absent="Passes, unless the account has SFTP, which is used by local users only.",
    check=check,
)

GOOD: GoodCases = {
    "forbidden": {"properties": {"isLocalUserEnabled": False, "isSftpEnabled": True}},
    "not said": {"properties": {"isSftpEnabled": False}},
    "forbidden, SFTP is known later": {"properties": {"isLocalUserEnabled": False, "isSftpEnabled": False}},
}
BAD: BadCases = {
    "allowed": Bad(
        {"properties": {"isLocalUserEnabled": True}}, says="properties.isLocalUserEnabled is true; false is needed"
    ),
    "not said, with SFTP": Bad(
        {"properties": {"isSftpEnabled": True}}, says="properties.isLocalUserEnabled is absent; false is needed"
    ),
    "allowed, SFTP is known later": Bad(
        {"properties": {"isLocalUserEnabled": True, "isSftpEnabled": UNKNOWN}},
        says="properties.isLocalUserEnabled is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "users known later": {"properties": {"isLocalUserEnabled": UNKNOWN}},
    "SFTP known later": {"properties": {"isSftpEnabled": UNKNOWN}},
}
