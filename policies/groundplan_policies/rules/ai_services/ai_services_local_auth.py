# SPDX-License-Identifier: Apache-2.0
"""An AI services account takes no keys."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOCAL_AUTH = "properties.disableLocalAuth"


def check(account: Resource) -> Found:
    """Only an explicit true turns the keys off."""
    if not account.equals(LOCAL_AUTH, True):
        yield account.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-AI-002",
    slug="ai-services-local-auth",
    title="An AI services account takes no keys",
    severity="high",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-local-auth",),
    rationale=(
        "An account has two keys for everything that it can do. They end up in notebooks and settings, work for everybody, and "
        "leave no name in the log."
    ),
    remediation=(
        "Leave `local_authentication` of `AiServices` at False and give callers `Cognitive Services User` or "
        "`Cognitive Services OpenAI User`."
    ),
    absent="A violation: Azure takes keys unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"disableLocalAuth": True}}}
BAD: BadCases = {
    "on": Bad({"properties": {"disableLocalAuth": False}}, says="properties.disableLocalAuth is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.disableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"disableLocalAuth": UNKNOWN}}}
