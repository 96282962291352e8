# SPDX-License-Identifier: Apache-2.0
"""A container registry is encrypted with the customer's own key."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY

STATUS = "properties.encryption.status"
KEY = "properties.encryption.keyVaultProperties.keyIdentifier"


def check(registry: Resource) -> Found:
    """Whatever the tier: a demand for own keys is not waived by a tier that has none. A key that is not known yet is one."""
    if not registry.equals(STATUS, "enabled"):
        yield registry.wrong(STATUS, "'enabled' is needed")
    elif not registry.given(KEY):
        yield registry.wrong(KEY, "the identifier of a key is needed")


RULE = Rule(
    id="GP-ACR-010",
    slug="acr-cmk",
    title="A container registry is encrypted with the customer's own key",
    severity="medium",
    types=(REGISTRY,),
    controls=("acr-cmk",),
    rationale=(
        "With a key of one's own, access to all images ends when the key is withdrawn, and each use of the key is in the vault's log. "
        "It has to be decided before the registry is made: Azure takes the key at creation only."
    ),
    remediation="Pass `customer_key` to `ContainerRegistry`; an existing registry has to be replaced.",
    absent="A violation: Azure encrypts with a key of Microsoft's.",
    check=check,
)

_KEY = {"keyIdentifier": "https://kv.vault.azure.net/keys/images"}

GOOD: GoodCases = {
    "own key": {"properties": {"encryption": {"status": "enabled", "keyVaultProperties": _KEY}}},
    "own key, made in the same update": {
        "properties": {"encryption": {"status": "enabled", "keyVaultProperties": {"keyIdentifier": UNKNOWN}}}
    },
}
BAD: BadCases = {
    "switched off": Bad(
        {"properties": {"encryption": {"status": "disabled", "keyVaultProperties": _KEY}}},
        says="properties.encryption.status is 'disabled'; 'enabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.encryption.status is absent; 'enabled' is needed"),
    "no key": Bad(
        {"properties": {"encryption": {"status": "enabled"}}},
        says="properties.encryption.keyVaultProperties.keyIdentifier is absent; the identifier of a key is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"encryption": UNKNOWN}}}
