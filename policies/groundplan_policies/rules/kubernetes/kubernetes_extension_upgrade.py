# SPDX-License-Identifier: Apache-2.0
"""Extensions of a Kubernetes cluster get new versions by themselves."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.ml_extension import EXTENSION

UPGRADE = "properties.autoUpgradeMinorVersion"


def check(extension: Resource) -> Found:
    """Whatever the extension: all of them run with wide rights in the cluster."""
    if extension.equals(UPGRADE, False):
        yield extension.wrong(UPGRADE, "true is needed")


RULE = Rule(
    id="GP-AKS-040",
    slug="kubernetes-extension-upgrade",
    title="Extensions of a Kubernetes cluster get new versions by themselves",
    severity="low",
    types=(EXTENSION,),
    controls=("kubernetes-extension-upgrade",),
    rationale=(
        "An extension that stays on its version keeps its holes, and Azure Machine Learning serves only newer ones. A version that is "
        "held back on purpose is to be exempted, with a date."
    ),
    remediation="Leave `version` of `MachineLearningExtension` away.",
    absent="Passes: Azure upgrades an extension within its major version unless told otherwise.",
    check=check,
)


def _extension(upgrade: object) -> dict[str, object]:
    return {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes", "autoUpgradeMinorVersion": upgrade}}


GOOD: GoodCases = {"upgraded": _extension(True), "not said": _extension(None)}
BAD: BadCases = {
    "held back": Bad(_extension(False), says="properties.autoUpgradeMinorVersion is false; true is needed")
}
UNKNOWN_CASES: UnknownCases = {"decided later": _extension(UNKNOWN)}
