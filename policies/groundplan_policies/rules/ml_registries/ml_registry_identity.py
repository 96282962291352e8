# SPDX-License-Identifier: Apache-2.0
"""A registry has a managed identity."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.ml_registries import REGISTRY

TYPE = "identity.type"


def check(registry: Resource) -> Found:
    """Any kind of identity will do."""
    if not registry.has(TYPE) or registry.equals(TYPE, "None"):
        yield registry.wrong(TYPE, "'SystemAssigned' is needed")


RULE = Rule(
    id="GP-MLR-004",
    slug="ml-registry-identity",
    title="A registry of machine learning assets has a managed identity",
    severity="medium",
    types=(REGISTRY,),
    controls=("aml-registry-identity",),
    rationale="As that identity a registry reads and writes the accounts that Azure makes for it; without one it would need their keys.",
    remediation="Leave it to `MachineLearningRegistry`, whose identity is the system's.",
    absent="A violation: the registry has no identity.",
    check=check,
)

GOOD: GoodCases = {
    "the system's": {"identity": {"type": "SystemAssigned"}},
    "one of the platform's": {"identity": {"type": "UserAssigned"}},
}
BAD: BadCases = {
    "none": Bad({"identity": {"type": "none"}}, says="identity.type is 'none'; 'SystemAssigned' is needed"),
    "not said": Bad({"properties": {}}, says="identity.type is absent; 'SystemAssigned' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"identity": {"type": UNKNOWN}}}
