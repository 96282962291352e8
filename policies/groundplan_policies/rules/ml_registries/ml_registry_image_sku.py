# SPDX-License-Identifier: Apache-2.0
"""The container registries of a registry are of the premium tier."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.ml_registries import REGISTRY, container_registries

SKU = "acrAccountSku"


def check(registry: Resource) -> Found:
    """Every region by itself."""
    yield from each_of(container_registries(registry), _of_images)


def _of_images(images: View) -> Found:
    if images.has(SKU) and not images.equals(SKU, "Premium"):
        yield images.wrong(SKU, "'Premium' is needed")


RULE = Rule(
    id="GP-MLR-006",
    slug="ml-registry-image-sku",
    title="The container registries of a registry of machine learning assets are of the premium tier",
    severity="low",
    types=(REGISTRY,),
    controls=("aml-registry-acr-sku",),
    rationale="Only the premium tier takes private endpoints, and Azure makes no other for a registry: it refuses the update.",
    remediation="Leave it to `MachineLearningRegistry`, which names the premium tier.",
    absent="Passes: Azure makes the premium one.",
    check=check,
)


def _registry(*skus: object) -> dict[str, object]:
    details = [{"systemCreatedAcrAccount": {"acrAccountSku": each}} for each in skus]
    return {"properties": {"regionDetails": [{"location": "westeurope", "acrDetails": details}]}}


_AT = "properties.regionDetails[0].acrDetails[{}].systemCreatedAcrAccount.acrAccountSku"
GOOD: GoodCases = {"premium": _registry("premium"), "not said": _registry(None), "no regions": {"properties": {}}}
BAD: BadCases = {
    "another tier": Bad(_registry("Standard"), says=f"{_AT.format(0)} is 'Standard'; 'Premium' is needed"),
    "beside one that is not known": Bad(_registry(UNKNOWN, "Basic"), says=f"{_AT.format(1)} is 'Basic'; 'Premium' is"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _registry(UNKNOWN)}
