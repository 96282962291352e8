# SPDX-License-Identifier: Apache-2.0
"""A container registry cleans up after itself.

Azure has either the retention policy or soft delete, never both. Soft delete passes, too: what is deleted goes for good after its
days, and this rule and the one about soft delete can be asked together.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY, is_premium

STATUS = "properties.policies.retentionPolicy.status"
SOFT = "properties.policies.softDeletePolicy.status"


def check(registry: Resource) -> Found:
    """Below Premium there is no such policy."""
    if registry.equals(STATUS, "enabled") or registry.equals(SOFT, "enabled"):
        return
    if is_premium(registry):
        yield registry.wrong(STATUS, f"'enabled' is needed, or {SOFT} 'enabled' in its place")


RULE = Rule(
    id="GP-ACR-013",
    slug="acr-retention",
    title="A container registry removes images that no tag points to any more",
    severity="low",
    types=(REGISTRY,),
    controls=("acr-retention",),
    rationale=(
        "Every build of an environment under the same tag leaves the image before it behind: untagged, unpatched, still there to be "
        "pulled by its digest, and paid for."
    ),
    remediation="Give `untagged_retention_days` of `ContainerRegistry` the days that such images may stay, or use `soft_delete_days`.",
    absent="A violation for Premium registries: Azure keeps untagged images for ever unless told otherwise.",
    check=check,
)


def _registry(retention: object, soft: object = "disabled", sku: object = "Premium") -> dict[str, object]:
    policies = {"retentionPolicy": {"status": retention}, "softDeletePolicy": {"status": soft}}
    return {"sku": {"name": sku}, "properties": {"policies": policies}}


GOOD: GoodCases = {
    "retention": _registry("enabled"),
    "soft delete in its place": _registry("disabled", "enabled"),
    "standard has no such policy": _registry("disabled", sku="Standard"),
}
_SAYS = (
    "properties.policies.retentionPolicy.status is {}; 'enabled' is needed, "
    "or properties.policies.softDeletePolicy.status 'enabled' in its place"
)
BAD: BadCases = {
    "neither": Bad(_registry("disabled"), says=_SAYS.format("'disabled'")),
    "nothing said": Bad({"sku": {"name": "Premium"}}, says=_SAYS.format("absent")),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _registry(UNKNOWN),
    "soft delete decided later": _registry("disabled", UNKNOWN),
    "tier decided later": _registry("disabled", sku=UNKNOWN),
}
