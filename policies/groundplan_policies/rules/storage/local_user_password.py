# SPDX-License-Identifier: Apache-2.0
"""A local user of a storage account signs in with a key pair."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

WORDS = ("properties.hasSshPassword", "properties.hasSharedKey")


def check(user: Resource) -> Found:
    """Both are words that Azure makes and that whoever knows them can pass on."""
    yield from each_of([user.view(path) for path in WORDS], _off)


def _off(word: View) -> Found:
    if word.equals("", True):
        yield word.wrong("", "false is needed")


RULE = Rule(
    id="GP-ST-033",
    slug="local-user-password",
    title="A local user of a storage account signs in with a key pair",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts/localUsers",),
    controls=("st-local-user-password",),
    rationale=(
        "A password can be guessed, forwarded and found in mails. Of a key pair the private half never leaves its owner, and Azure has the "
        "public one only."
    ),
    remediation="Set `properties.sshAuthorizedKeys`, and both switches to false; better, do without local users, as `Storage` does.",
    absent="Passes: Azure makes neither a password nor a shared key unless asked to.",
    check=check,
)

GOOD: GoodCases = {
    "a key pair": {"properties": {"hasSshKey": True, "hasSshPassword": False, "hasSharedKey": False}},
    "not said": {"properties": {}},
}
BAD: BadCases = {
    "a password": Bad(
        {"properties": {"hasSshPassword": True}}, says="properties.hasSshPassword is true; false is needed"
    ),
    "a shared key": Bad(
        {"properties": {"hasSshPassword": UNKNOWN, "hasSharedKey": True}},
        says="properties.hasSharedKey is true; false is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "password decided later": {"properties": {"hasSshPassword": UNKNOWN}},
    "key decided later": {"properties": {"hasSharedKey": UNKNOWN}},
}
