# SPDX-License-Identifier: Apache-2.0
"""An AI services account fetches only from hosts that it lists.

Asked of the kinds that can be restricted so; the others ignore the setting.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

RESTRICTED = "properties.restrictOutboundNetworkAccess"
KINDS = (
    "AIServices",
    "CognitiveServices",
    "ComputerVision",
    "ContentModerator",
    "CustomVision.Prediction",
    "CustomVision.Training",
    "Face",
    "FormRecognizer",
    "OpenAI",
    "SpeechServices",
)
"""Source: learn.microsoft.com/azure/ai-services/cognitive-services-data-loss-prevention, and the kinds that combine those."""


def check(account: Resource) -> Found:
    """An empty list is the tightest one."""
    if account.equals("kind", *KINDS) and not account.equals(RESTRICTED, True):
        yield account.wrong(RESTRICTED, "true is needed, with the hosts in properties.allowedFqdnList")


RULE = Rule(
    id="GP-AI-006",
    slug="ai-services-outbound",
    title="An AI services account fetches only from hosts that it lists",
    severity="medium",
    types=("Microsoft.CognitiveServices/accounts",),
    controls=("cog-outbound",),
    rationale=(
        "A request can name any URL for the service to fetch or to write results to. Unrestricted, that leads out of a network "
        "that is closed everywhere else."
    ),
    remediation="Leave `unrestricted_outbound` of `AiServices` at False and list the hosts in `allowed_hosts`.",
    absent="A violation for the kinds that can be restricted: Azure lets them fetch from anywhere.",
    check=check,
)


def _account(kind: object, restricted: object) -> dict[str, object]:
    return {"kind": kind, "properties": {"restrictOutboundNetworkAccess": restricted}}


GOOD: GoodCases = {
    "restricted": _account("AIServices", True),
    "a kind that can not be restricted": _account("TextTranslation", False),
}
BAD: BadCases = {
    kind: Bad(
        _account(kind, False),
        says=(
            "properties.restrictOutboundNetworkAccess is false; "
            "true is needed, with the hosts in properties.allowedFqdnList"
        ),
    )
    for kind in (
        "AIServices",
        "CognitiveServices",
        "ComputerVision",
        "ContentModerator",
        "CustomVision.Prediction",
        "CustomVision.Training",
        "Face",
        "FormRecognizer",
        "OpenAI",
        "SpeechServices",
    )
} | {"not said": Bad({"kind": "OpenAI"}, says="properties.restrictOutboundNetworkAccess is absent")}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _account("OpenAI", UNKNOWN),
    "kind decided later": _account(UNKNOWN, False),
}
