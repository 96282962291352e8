# SPDX-License-Identifier: Apache-2.0
"""No access policy of a key vault grants everything, or the right to destroy for good."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    View,
    Violation,
)
from groundplan_policies.decisions import each_of

VAULT = "Microsoft.KeyVault/vaults"
POLICIES = "Microsoft.KeyVault/vaults/accessPolicies"
GRANTED = "properties.accessPolicies"


def check(vault: Resource, stack: Stack) -> Found:
    """Policies in the vault's body, and those that templates add as resources. Under roles none of them does anything."""
    if vault.equals("properties.enableRbacAuthorization", True):
        return
    yield from each_of([vault, *stack.children(vault, POLICIES)], _of_holder)


def _of_holder(holder: View) -> Found:
    for found in each_of(holder.items(GRANTED), _of_policy):
        if isinstance(holder, Resource) and not holder.is_a(VAULT):
            yield Violation("", f"access policies {holder.label!r}: {found.message}")
        else:
            yield found


def _of_policy(policy: View) -> Found:
    for _, permissions in policy.entries("permissions"):
        if any(each.equals("", "all", "purge") for each in permissions.items()):
            yield permissions.wrong("", "single permissions without 'all' and 'purge' are needed")


RULE = Rule(
    id="GP-KV-016",
    slug="vault-access-policies",
    title="No access policy of a key vault grants everything, or the right to destroy for good",
    severity="high",
    types=(VAULT,),
    controls=("kv-access-policies",),
    rationale=(
        "Most callers read one kind of thing. 'all' lets a stolen identity read, replace and export whatever the vault holds, and "
        "'purge' lets it destroy what soft delete has kept. Roles say the same with less, and for a single secret."
    ),
    remediation=(
        "Use `KeyVault`, which takes `role_grants` instead of access policies; or list what the caller needs, such as 'get', in "
        "`properties.accessPolicies[].permissions`, and leave purging to the role of its own that Azure has for it."
    ),
    absent="Passes: a vault without access policies grants nothing by them.",
    unknown="Undecided until the update knows the permissions.",
    needs_stack=True,
    check=check,
)


def _granting(**permissions: object) -> dict[str, object]:
    return {"accessPolicies": [{"objectId": "0", "permissions": {"keys": ["get"]}}, {"permissions": permissions}]}


_SAYS = "single permissions without 'all' and 'purge' are needed"

GOOD: GoodCases = {
    "single permissions": {"properties": _granting(secrets=["get", "list"], certificates=[])},
    "none": {"properties": {}},
    "roles instead": {"properties": _granting(secrets=["all"]) | {"enableRbacAuthorization": True}},
    "added by a resource": [
        {"name": "kv", "properties": {}},
        {"name": "kv/add", "type": POLICIES, "properties": _granting(keys=["wrapKey", "unwrapKey"])},
    ],
    "added to another vault": [
        {"name": "kv", "properties": {}},
        {"name": "other/add", "type": POLICIES, "properties": _granting(keys=["all"])},
    ],
}
BAD: BadCases = {
    "everything": Bad(
        {"properties": _granting(secrets=["all"])},
        says=f"properties.accessPolicies[1].permissions.secrets is ['all']; {_SAYS}",
    ),
    "in Azure's other spelling": Bad(
        {"properties": _granting(storage=["All"]) | {"enableRbacAuthorization": False}},
        says=f"properties.accessPolicies[1].permissions.storage is ['All']; {_SAYS}",
    ),
    "purging": Bad(
        {"properties": _granting(certificates=["get", "purge"])},
        says=f"properties.accessPolicies[1].permissions.certificates is ['get', 'purge']; {_SAYS}",
    ),
    "another policy is known later": Bad(
        {"properties": {"accessPolicies": [UNKNOWN, {"permissions": {"keys": ["all"]}}]}},
        says=f"properties.accessPolicies[1].permissions.keys is ['all']; {_SAYS}",
    ),
    "added by a resource": Bad(
        [
            {"name": "kv", "properties": {}},
            {"name": "kv/add", "type": POLICIES, "properties": _granting(keys=["all"])},
        ],
        says=f"access policies 'kv/add': properties.accessPolicies[1].permissions.keys is ['all']; {_SAYS}",
    ),
    "added by a resource, both are new": Bad(
        [
            {"name": "kv", "new": True, "properties": {"accessPolicies": UNKNOWN}},
            {"name": "add", "type": POLICIES, "parent": Later("kv"), "properties": _granting(keys=["all"])},
        ],
        says=f"access policies 'add': properties.accessPolicies[1].permissions.keys is ['all']; {_SAYS}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "policies known later": {"properties": {"accessPolicies": UNKNOWN}},
    "permissions known later": {"properties": _granting(secrets=UNKNOWN)},
    "model known later": {"properties": _granting(secrets=["all"]) | {"enableRbacAuthorization": UNKNOWN}},
}
