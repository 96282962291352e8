# SPDX-License-Identifier: Apache-2.0
"""A registry is not reachable from the public internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.ml_registries import REGISTRY

ACCESS = "properties.publicNetworkAccess"


def check(registry: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not registry.equals(ACCESS, "Disabled"):
        yield registry.wrong(ACCESS, "'Disabled' is needed")


RULE = Rule(
    id="GP-MLR-001",
    slug="ml-registry-public-access",
    title="A registry of machine learning assets is not reachable from the public internet",
    severity="high",
    types=(REGISTRY,),
    controls=("aml-registry-public-access",),
    rationale=(
        "Every workspace of the platform runs what comes out of a registry. Behind a private endpoint a stolen token alone is not "
        "enough to read its models or to put others in their place."
    ),
    remediation="Pass `private_endpoint` to `MachineLearningRegistry` and leave `public_network_access` at False.",
    absent="A violation: Azure opens a registry that does not say otherwise.",
    check=check,
    remedy={ACCESS: "Disabled"},
)

GOOD: GoodCases = {"closed": {"properties": {"publicNetworkAccess": "disabled"}}}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}}, says=f"{ACCESS} is 'Enabled'; 'Disabled' is needed"
    ),
    "not said": Bad({"properties": {}}, says=f"{ACCESS} is absent; 'Disabled' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
