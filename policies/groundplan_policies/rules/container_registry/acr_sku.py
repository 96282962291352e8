# SPDX-License-Identifier: Apache-2.0
"""A container registry has the tier that private endpoints need."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_premium


def check(registry: Resource) -> Found:
    """Only Premium has private endpoints, a firewall, customer keys and policies for images."""
    if not is_premium(registry):
        yield registry.wrong("sku.name", "'Premium' is needed")


RULE = Rule(
    id="GP-ACR-006",
    slug="acr-sku",
    title="A container registry has the tier that private endpoints need",
    severity="high",
    types=(REGISTRY,),
    controls=("acr-sku",),
    rationale=(
        "Basic and Standard registries can not be taken off the internet. Rules about settings that only Premium has leave them "
        "alone, so this one speaks for all of these."
    ),
    remediation="Leave `sku` of `ContainerRegistry` at 'Premium'.",
    absent="A violation: Azure asks for a tier, and none is given.",
    check=check,
)

GOOD: GoodCases = {
    "premium": {"sku": {"name": "Premium"}},
    "in another letter case": {"sku": {"name": "premium"}},
}
BAD: BadCases = {
    "standard": Bad({"sku": {"name": "Standard"}}, says="sku.name is 'Standard'; 'Premium' is needed"),
    "not said": Bad({"properties": {}}, says="sku.name is absent; 'Premium' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"sku": {"name": UNKNOWN}}}
