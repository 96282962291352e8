# SPDX-License-Identifier: Apache-2.0
"""A pushed image waits until it has been looked at."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_premium

STATUS = "properties.policies.quarantinePolicy.status"


def check(registry: Resource) -> Found:
    """Below Premium there is no quarantine."""
    if not registry.equals(STATUS, "enabled") and is_premium(registry):
        yield registry.wrong(STATUS, "'enabled' is needed")


RULE = Rule(
    id="GP-ACR-017",
    slug="acr-quarantine",
    title="A pushed image can be pulled only once it has been looked at",
    severity="low",
    types=(REGISTRY,),
    controls=("acr-quarantine",),
    rationale=(
        "A poisoned dependency is in production minutes after its push, unless something holds the image back until a scanner has "
        "seen it. Ask for this only where a scanner releases images: nothing can be pulled otherwise."
    ),
    remediation="Set `quarantine` of `ContainerRegistry`, once a scanner of yours releases images.",
    absent="A violation for Premium registries: Azure holds nothing back unless told to.",
    check=check,
)


def _registry(status: object, sku: object = "Premium") -> dict[str, object]:
    return {"sku": {"name": sku}, "properties": {"policies": {"quarantinePolicy": {"status": status}}}}


GOOD: GoodCases = {
    "held back": _registry("enabled"),
    "standard has none": _registry("disabled", "Standard"),
}
_SAYS = "properties.policies.quarantinePolicy.status is {}; 'enabled' is needed"
BAD: BadCases = {
    "switched off": Bad(_registry("disabled"), says=_SAYS.format("'disabled'")),
    "not said": Bad({"sku": {"name": "Premium"}}, says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _registry(UNKNOWN),
    "tier decided later": _registry("disabled", UNKNOWN),
}
