# SPDX-License-Identifier: Apache-2.0
"""A container registry follows the rotation of its key."""

from groundplan_policies.authoring import SECRET, UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.container_registry import REGISTRY

KEY = "properties.encryption.keyVaultProperties.keyIdentifier"


def check(registry: Resource) -> Found:
    """An identifier is `https://<vault>/keys/<name>`, then maybe a version."""
    name = registry.text(KEY).partition("/keys/")[2].rstrip("/")
    if "/" in name:
        yield registry.wrong(KEY, "an identifier without a version is needed")


RULE = Rule(
    id="GP-ACR-022",
    slug="acr-key-rotation",
    title="A container registry follows the rotation of its key",
    severity="low",
    types=(REGISTRY,),
    controls=("acr-key-rotation",),
    rationale=(
        "With a version in the identifier the registry stays on that version: a rotation changes nothing, and once the old version is "
        "disabled or expires no image can be pulled."
    ),
    remediation="Give `key_identifier` of `customer_key` of `ContainerRegistry` the key's URI without its version.",
    absent="Passes: there is no key of the customer's own.",
    check=check,
)


def _registry(key: object) -> dict[str, object]:
    return {"properties": {"encryption": {"status": "enabled", "keyVaultProperties": {"keyIdentifier": key}}}}


GOOD: GoodCases = {
    "no version": _registry("https://kv.vault.azure.net/keys/images"),
    "no version, closed by a slash": _registry("https://kv.vault.azure.net/keys/images/"),
    "no key": {"properties": {}},
}
BAD: BadCases = {
    "version": Bad(
        _registry("https://kv.vault.azure.net/keys/images/6d1f"),
        says="properties.encryption.keyVaultProperties.keyIdentifier is 'https://kv.vault.azure.net/keys/images/6d1f'; "
        "an identifier without a version is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "key made later": _registry(UNKNOWN),
    "secret": _registry(SECRET),
}
