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
    shown,
)
from groundplan_policies.decisions import each_of

VAULT = "Microsoft.KeyVault/vaults"
POLICIES = "Microsoft.KeyVault/vaults/accessPolicies"
GRANTED = "properties.accessPolicies"
NEEDED = "single permissions without 'all' and 'purge' are needed"


def check(vault: Resource, stack: Stack) -> Found:
    """Policies in the vault's body, and those that templates add as resources. Under roles none of them does anything."""
    if vault.equals("properties.enableRbacAuthorization", True):
        return
    yield from each_of([vault, *stack.children(vault, POLICIES)], _of_holder)


def _of_holder(holder: Resource) -> Found:
    whose = "" if holder.is_a(VAULT) else f" of {holder.label!r}"
    yield from each_of(holder.items(GRANTED), lambda policy: _of_policy(policy, whose))


def _of_policy(policy: View, whose: str) -> Found:
    for _, permissions in policy.entries("permissions"):
        if any(each.equals("", "all", "purge") for each in permissions.items()):
            said = f"{permissions.at}{whose} is {shown(permissions.node)}; {NEEDED}"
            yield Violation("" if whose else permissions.at, said)


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
        says=f"properties.accessPolicies[1].permissions.keys of 'kv/add' is ['all']; {_SAYS}",
    ),
    "added by a resource, both are new": Bad(
        [
            {"name": "kv", "new": True, "properties": {"accessPolicies": UNKNOWN}},
            {"name": "add", "type": POLICIES, "parent": Later("kv"), "properties": _granting(keys=["all"])},
        ],
        says=f"properties.accessPolicies[1].permissions.keys of 'add' is ['all']; {_SAYS}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "policies known later": {"properties": {"accessPolicies": UNKNOWN}},
    "permissions known later": {"properties": _granting(secrets=UNKNOWN)},
    "model known later": {"properties": _granting(secrets=["all"]) | {"enableRbacAuthorization": UNKNOWN}},
}
