# SPDX-License-Identifier: Apache-2.0
"""What policy definitions, initiatives and assignments share: existence and parameters are checked, effects are not applied."""

from __future__ import annotations

from typing import Any

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request, conflict
from groundplan_emulator.arm.resource import NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.authorization import scoped

NAME = NameRule(
    r"[^<>*%&:?.+/\\]{1,128}(?<! )",
    "1 to 128 characters without <, >, *, %, &, :, ?, ., +, / and \\, not ending in a space",
)
DEFINITION = "Microsoft.Authorization/policyDefinitions"
SET = "Microsoft.Authorization/policySetDefinitions"
ASSIGNMENT = "Microsoft.Authorization/policyAssignments"


def find(ctx: Context, definition_id: str, target: str) -> Resource | None:
    """A custom definition or initiative; None for a built-in one, whose name is a GUID at the tenant; 404 for anything else."""
    found = ctx.get(definition_id)
    if found is not None and found.type.lower() in (DEFINITION.lower(), SET.lower()):
        return found
    type_ = SET if f"/{SET.lower()}/" in definition_id.lower() else DEFINITION
    if definition_id.lower().startswith(f"/providers/{type_.lower()}/") and scoped.is_guid(
        definition_id.rsplit("/", 1)[-1]
    ):
        return None
    label = "PolicySetDefinitionNotFound" if type_ == SET else "PolicyDefinitionNotFound"
    raise ArmError(404, label, f"The policy definition '{definition_id}' could not be found.", target=target)


def check_parameters(definition: Resource | None, given: dict[str, Any], label: str) -> None:
    """Parameters exist in a custom definition, and those without a default are given."""
    if definition is None:
        return
    known: dict[str, Any] = definition.properties.get("parameters") or {}
    unknown = sorted(set(given) - set(known))
    missing = sorted(name for name, said in known.items() if "defaultValue" not in said and name not in given)
    if unknown:
        raise bad_request(
            "UndefinedPolicyParameter",
            f"The {label} has parameters '{', '.join(unknown)}' that the policy definition '{definition.name}' does not define.",
            target="properties.parameters",
        )
    if missing:
        raise bad_request(
            "MissingPolicyParameter",
            f"The {label} is missing the parameter(s) '{', '.join(missing)}' as defined in the policy definition '{definition.name}'.",
            target="properties.parameters",
        )


def stamp(write: Write) -> None:
    """Who made it and who changed it, in `metadata`."""
    who, now = write.ctx.settings.identity.principal_id, write.ctx.clock.stamp()
    before: dict[str, Any] = write.old_properties.get("metadata", {})
    given: dict[str, Any] = write.properties.get("metadata") or {}
    made = {"createdBy": before.get("createdBy", who), "createdOn": before.get("createdOn", now)}
    write.properties["metadata"] = {
        **given,
        **made,
        "updatedBy": who if before else None,
        "updatedOn": now if before else None,
    }


def refuse_in_use(ctx: Context, resource: Resource) -> None:
    """A definition that an assignment or initiative names stays."""
    for user in (*ctx.store.of_type(ASSIGNMENT), *ctx.store.of_type(SET)):
        named = [
            user.properties.get("policyDefinitionId"),
            *(item["policyDefinitionId"] for item in user.properties.get("policyDefinitions", [])),
        ]
        if resource.key in [str(name).lower() for name in named]:
            raise conflict(
                "PolicyDefinitionInUse",
                f"The policy definition '{resource.name}' is used by '{user.id}'; delete that first.",
            )
