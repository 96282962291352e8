# SPDX-License-Identifier: Apache-2.0
"""A container registry takes tokens that were issued for registries only."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY

STATUS = "properties.policies.azureADAuthenticationAsArmPolicy.status"


def check(registry: Resource) -> Found:
    """Only an explicit `disabled` refuses tokens for Azure Resource Manager."""
    if not registry.equals(STATUS, "disabled"):
        yield registry.wrong(STATUS, "'disabled' is needed")


RULE = Rule(
    id="GP-ACR-011",
    slug="acr-arm-token",
    title="A container registry takes tokens that were issued for registries only",
    severity="medium",
    types=(REGISTRY,),
    controls=("acr-arm-token",),
    rationale=(
        "A token for Azure Resource Manager lies about in many pipelines and tools. As long as the registry takes it, too, whoever "
        "finds one can push images. Clients have to ask for the registry's own audience first: App Service and Container Apps that "
        "pull with an identity may not, so look at who pulls before this is switched."
    ),
    remediation="Set `registry_tokens_only` of `ContainerRegistry`.",
    absent="A violation: Azure takes tokens of both kinds unless told otherwise.",
    check=check,
)


def _registry(status: object) -> dict[str, object]:
    return {"properties": {"policies": {"azureADAuthenticationAsArmPolicy": {"status": status}}}}


GOOD: GoodCases = {"refused": _registry("disabled")}
BAD: BadCases = {
    "taken": Bad(
        _registry("enabled"),
        says="properties.policies.azureADAuthenticationAsArmPolicy.status is 'enabled'; 'disabled' is needed",
    ),
    "not said": Bad(
        {"properties": {}},
        says="properties.policies.azureADAuthenticationAsArmPolicy.status is absent; 'disabled' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _registry(UNKNOWN)}
