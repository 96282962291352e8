# SPDX-License-Identifier: Apache-2.0
"""Access policies of a vault, added, replaced and removed one by one."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm import scopes
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, invalid_content, resource_not_found
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.types.key_vault import vaults, versions

PATH = (
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}"
    "/accessPolicies/{operationKind}"
)
LIMIT = 1024


class AccessPolicies(ArmType):
    """Microsoft.KeyVault/vaults/accessPolicies: `add`, `replace` and `remove` change the vault's own list.

    Differs from Azure:
    - whether a policy's objectId exists in the directory is not checked
    """

    type: ClassVar[str] = "Microsoft.KeyVault/vaults/accessPolicies"
    api_versions: ClassVar[tuple[str, ...]] = versions.API_VERSIONS

    @route("PUT", PATH)
    def update(self, ctx: Context, params: dict[str, str], body: dict[str, Any]) -> Response:
        """Apply one operation to the list; 201 answers the whole list."""
        id_, kind = vaults.vault_id(params), params["operationKind"].lower()
        vault = ctx.get(id_.key)
        if vault is None:
            scopes.require_scope(ctx, id_)
            raise resource_not_found(versions.VAULT, id_.name, id_.resource_group)
        if kind not in ("add", "replace", "remove"):
            raise bad_request(
                "BadRequest",
                f"'{params['operationKind']}' is no operation; use add, replace or remove.",
                target="operationKind",
            )
        given = body.get("properties", {}).get("accessPolicies")
        if not isinstance(given, list):
            raise invalid_content("properties.accessPolicies", "Required property 'accessPolicies' not found in JSON")
        for index, policy in enumerate(given):
            if (
                not isinstance(policy, dict)
                or not isinstance(policy.get("permissions") or {}, dict)
                or not policy.get("objectId")
            ):
                raise invalid_content(f"properties.accessPolicies[{index}]", "A policy has an objectId and permissions")
        scopes.refuse_locked(ctx, id_, "write")
        policies = _changed(kind, vault.properties["accessPolicies"], given)
        if len(policies) > LIMIT:
            raise bad_request(
                "BadRequest", f"A vault takes {LIMIT} access policies at most; these are {len(policies)}."
            )
        vault.properties["accessPolicies"] = policies
        ctx.save(vault)
        answer = {
            "id": f"{vault.id}/accessPolicies/",
            "type": self.type,
            "location": vault.body["location"],
            "properties": {"accessPolicies": policies},
        }
        return Response(201 if kind == "add" else 200, answer)


def _who(policy: dict[str, Any]) -> tuple[str, str]:
    return str(policy.get("objectId", "")).lower(), str(policy.get("applicationId", "")).lower()


def _changed(kind: str, before: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if kind == "replace":
        return given
    named = {_who(policy): policy for policy in given}
    if kind == "remove":
        return [left for policy in before if (left := _without(policy, named.get(_who(policy)))) is not None]
    merged = [_joined(policy, named.pop(_who(policy), None)) for policy in before]
    return merged + list(named.values())


def _joined(policy: dict[str, Any], more: dict[str, Any] | None) -> dict[str, Any]:
    if more is None:
        return policy
    rights = dict(policy.get("permissions", {}))
    for area, names in more.get("permissions", {}).items():
        rights[area] = list(dict.fromkeys([*rights.get(area, []), *(names or [])]))
    return {**policy, "permissions": rights}


def _without(policy: dict[str, Any], less: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is left of a policy; None when nothing is. A policy named without permissions goes as a whole."""
    if less is None:
        return policy
    gone: dict[str, list[str]] = less.get("permissions") or {}
    if not any(gone.values()):
        return None
    rights = {
        area: [name for name in names or [] if name.lower() not in {item.lower() for item in gone.get(area) or []}]
        for area, names in policy.get("permissions", {}).items()
    }
    return {**policy, "permissions": rights} if any(rights.values()) else None
