# SPDX-License-Identifier: Apache-2.0
"""A storage account takes no account keys."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.storage_account import SHARED_KEYS


def check(account: Resource) -> Found:
    """Only an explicit no refuses them."""
    if not account.equals(SHARED_KEYS, False):
        yield account.wrong(SHARED_KEYS, "false is needed")


RULE = Rule(
    id="GP-ST-006",
    slug="storage-shared-keys",
    title="A storage account takes no account keys",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-shared-key",),
    rationale=(
        "A key opens all of the account, has no owner and does not end; the logs can not tell who used it. Identities can be limited and "
        "revoked one by one. A workspace needs its datastores to use identities then, and SMB shares need Kerberos."
    ),
    remediation="Leave `shared_key_access` of `Storage` at False and give callers roles in `role_grants`.",
    absent="A violation: Azure takes keys unless told not to.",
    check=check,
)

GOOD: GoodCases = {"refused": {"properties": {"allowSharedKeyAccess": False}}}
BAD: BadCases = {
    "taken": Bad(
        {"properties": {"allowSharedKeyAccess": True}}, says="properties.allowSharedKeyAccess is true; false is needed"
    ),
    "not said": Bad({"properties": {}}, says="properties.allowSharedKeyAccess is absent; false is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"allowSharedKeyAccess": UNKNOWN}}}
