# SPDX-License-Identifier: Apache-2.0
"""Images do not leave a container registry by export."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_closed, is_premium

STATUS = "properties.policies.exportPolicy.status"


def check(registry: Resource) -> Found:
    """Azure has exports off only while public access is, so both belong together."""
    if not registry.equals(STATUS, "disabled"):
        if is_premium(registry):
            yield registry.wrong(
                STATUS, "'disabled' is needed, which Azure has while public network access is 'Disabled'"
            )
    elif not is_closed(registry):
        yield registry.wrong("properties.publicNetworkAccess", "'Disabled' is needed for exports to be off")


RULE = Rule(
    id="GP-ACR-009",
    slug="acr-export",
    title="Images do not leave a container registry by export",
    severity="medium",
    types=(REGISTRY,),
    controls=("acr-export",),
    rationale=(
        "An export copies any image to storage of somebody's own, or to another registry, in one call and past the network. Registries "
        "below Premium are left to the rule about the tier."
    ),
    remediation="Leave `public_network_access` of `ContainerRegistry` at False; it then switches exports off.",
    absent="A violation for Premium registries: Azure allows exports unless told otherwise.",
    check=check,
)


def _registry(access: object, export: object, sku: object = "Premium") -> dict[str, object]:
    policies = {"exportPolicy": {"status": export}}
    return {"sku": {"name": sku}, "properties": {"publicNetworkAccess": access, "policies": policies}}


GOOD: GoodCases = {
    "off": _registry("Disabled", "disabled"),
    "standard has no such policy": _registry("Enabled", "enabled", "Standard"),
}
BAD: BadCases = {
    "on": Bad(
        _registry("Disabled", "enabled"),
        says="properties.policies.exportPolicy.status is 'enabled'; "
        "'disabled' is needed, which Azure has while public network access is 'Disabled'",
    ),
    "not said": Bad(
        {"sku": {"name": "Premium"}, "properties": {"publicNetworkAccess": "Disabled"}},
        says="properties.policies.exportPolicy.status is absent",
    ),
    "Azure would refuse it": Bad(
        _registry("Enabled", "disabled"),
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed for exports to be off",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _registry("Disabled", UNKNOWN),
    "tier decided later": _registry("Disabled", "enabled", UNKNOWN),
    "access decided later": _registry(UNKNOWN, "disabled"),
}
