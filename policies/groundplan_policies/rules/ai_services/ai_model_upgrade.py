# SPDX-License-Identifier: Apache-2.0
"""A model is not swapped for a newer version before its own expires."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

UPGRADE = "properties.versionUpgradeOption"


def check(deployment: Resource) -> Found:
    """Not before it expires, or not at all."""
    if not deployment.equals(UPGRADE, "OnceCurrentVersionExpired", "NoAutoUpgrade"):
        yield deployment.wrong(UPGRADE, "'OnceCurrentVersionExpired' or 'NoAutoUpgrade' is needed")


RULE = Rule(
    id="GP-AI-009",
    slug="ai-model-upgrade",
    title="A model is not swapped for a newer version before its own expires",
    severity="low",
    types=("Microsoft.CognitiveServices/accounts/deployments",),
    controls=("cog-model-upgrade",),
    rationale=(
        "Another version answers differently. Where it comes on a day that Microsoft chooses, evaluations, prompts and limits "
        "that were agreed no longer say anything about what runs."
    ),
    remediation="Leave `upgrade` of `ModelDeployment` at `OnceCurrentVersionExpired`, or name the `version` and take `NoAutoUpgrade`.",
    absent="A violation: Azure then follows its own default version.",
    check=check,
)


def _deployment(option: object) -> dict[str, object]:
    return {"properties": {"versionUpgradeOption": option}}


GOOD: GoodCases = {"when it expires": _deployment("OnceCurrentVersionExpired"), "never": _deployment("NoAutoUpgrade")}
BAD: BadCases = {
    "with each new default": Bad(
        _deployment("OnceNewDefaultVersionAvailable"),
        says=(
            "properties.versionUpgradeOption is 'OnceNewDefaultVersionAvailable'; "
            "'OnceCurrentVersionExpired' or 'NoAutoUpgrade' is needed"
        ),
    ),
    "not said": Bad({"properties": {}}, says="properties.versionUpgradeOption is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _deployment(UNKNOWN)}
