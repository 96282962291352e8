# SPDX-License-Identifier: Apache-2.0
"""No container of a storage account can be opened to everybody."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ANONYMOUS = "properties.allowBlobPublicAccess"


def check(account: Resource) -> Found:
    """What Azure makes of an absent value depends on when the account was made, so only an explicit one counts."""
    if not account.equals(ANONYMOUS, False):
        yield account.wrong(ANONYMOUS, "false is needed")


RULE = Rule(
    id="GP-ST-004",
    slug="storage-anonymous-blobs",
    title="No container of a storage account can be opened to everybody",
    severity="high",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-blob-anonymous",),
    rationale=(
        "Where the account allows it, everybody who may write a container can publish it, by one click and without anybody noticing. "
        "The switch of the account takes that away from all of them at once."
    ),
    remediation="Use `Storage`, which always forbids it; give readers a role instead.",
    absent="A violation: accounts made before late 2023 allow it then.",
    check=check,
    remedy={"properties.allowBlobPublicAccess": False},
)

GOOD: GoodCases = {"forbidden": {"properties": {"allowBlobPublicAccess": False}}}
BAD: BadCases = {
    "allowed": Bad(
        {"properties": {"allowBlobPublicAccess": True}},
        says="properties.allowBlobPublicAccess is true; false is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.allowBlobPublicAccess is absent; false is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"allowBlobPublicAccess": UNKNOWN}}}
