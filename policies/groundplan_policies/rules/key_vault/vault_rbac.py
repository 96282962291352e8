# SPDX-License-Identifier: Apache-2.0
"""Access to a key vault is granted by roles."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ROLES = "properties.enableRbacAuthorization"


def check(vault: Resource) -> Found:
    """What Azure makes of an absent value depends on the API version, so only an explicit one counts."""
    if not vault.equals(ROLES, True):
        yield vault.wrong(ROLES, "true is needed")


RULE = Rule(
    id="GP-KV-006",
    slug="vault-rbac",
    title="Access to a key vault is granted by roles",
    severity="medium",
    types=("Microsoft.KeyVault/vaults",),
    controls=("kv-rbac",),
    rationale=(
        "Under access policies every contributor of the vault can write himself one that reads all secrets. Roles can be given for a "
        "single key, for a while, and are reviewed with all others; giving them takes a right that contributors lack."
    ),
    remediation="Use `KeyVault`, which always sets it, with `role_grants`; move access policies to roles before you switch a vault.",
    absent="A violation: older API versions take access policies then.",
    check=check,
)

GOOD: GoodCases = {"roles": {"properties": {"enableRbacAuthorization": True}}}
BAD: BadCases = {
    "access policies": Bad(
        {"properties": {"enableRbacAuthorization": False}},
        says="properties.enableRbacAuthorization is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.enableRbacAuthorization is absent; true is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"enableRbacAuthorization": UNKNOWN}}}
