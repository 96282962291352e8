# SPDX-License-Identifier: Apache-2.0
"""Policy definitions, initiatives (set definitions) and assignments: existence and parameters are checked, effects are not applied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request, conflict
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
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


class PolicyDefinitions(ArmType):
    """Microsoft.Authorization/policyDefinitions: custom definitions.

    Differs from Azure:
    - built-in definitions cannot be read, but can be assigned by their id; rules are kept, not compiled
    """

    type: ClassVar[str] = DEFINITION
    name_rule: ClassVar[NameRule | None] = NAME

    def check(self, write: Write) -> None:
        """A rule has a condition and an effect."""
        rule: dict[str, Any] = write.properties.get("policyRule") or {}
        if not rule.get("if") or not rule.get("then", {}).get("effect"):
            raise bad_request(
                "InvalidPolicyRule",
                "The policy rule needs an 'if' and a 'then' with an 'effect'.",
                target="properties.policyRule",
            )

    def fill(self, write: Write) -> None:
        """Defaults of a custom definition."""
        properties = write.properties
        properties["policyType"] = "Custom"
        properties.setdefault("mode", "All")
        properties.setdefault("parameters", {})
        properties.setdefault("version", "1.0.0")
        properties.setdefault("versions", [properties["version"]])
        stamp(write)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while something uses it."""
        refuse_in_use(ctx, resource)


class PolicySetDefinitions(ArmType):
    """Microsoft.Authorization/policySetDefinitions: initiatives of custom and built-in definitions.

    Differs from Azure:
    - parameters of built-in members are not checked
    """

    type: ClassVar[str] = SET
    name_rule: ClassVar[NameRule | None] = NAME

    def check(self, write: Write) -> None:
        """Members exist and get their parameters."""
        for index, member in enumerate(write.properties.get("policyDefinitions", [])):
            target = f"properties.policyDefinitions[{index}].policyDefinitionId"
            found = find(write.ctx, member["policyDefinitionId"], target)
            check_parameters(found, member.get("parameters") or {}, "policy set definition")

    def fill(self, write: Write) -> None:
        """Defaults, and a reference id for each member."""
        properties = write.properties
        properties["policyType"] = "Custom"
        properties.setdefault("version", "1.0.0")
        properties.setdefault("versions", [properties["version"]])
        for member in properties["policyDefinitions"]:
            member.setdefault("parameters", {})
            derived = write.ctx.guid("policy reference", write.id.key, member["policyDefinitionId"].lower())
            member.setdefault("policyDefinitionReferenceId", str(int(derived[:8], 16)))
        stamp(write)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while something uses it."""
        refuse_in_use(ctx, resource)


class PolicyAssignments(ArmType):
    """Microsoft.Authorization/policyAssignments: a definition or initiative on a scope.

    Differs from Azure:
    - an assignment denies and changes nothing, and there are no compliance results
    - the existence of built-in definitions and their parameters are not checked
    """

    type: ClassVar[str] = ASSIGNMENT
    name_rule: ClassVar[NameRule | None] = NAME
    immutable: ClassVar[tuple[str, ...]] = ("properties.policyDefinitionId",)

    def check(self, write: Write) -> None:
        """The definition exists and gets its parameters; an identity needs a location."""
        given = write.properties.get("policyDefinitionId")
        if not given:
            raise bad_request(
                "InvalidCreatePolicyAssignmentRequest",
                "The policy assignment names no policyDefinitionId.",
                target="properties.policyDefinitionId",
            )
        check_parameters(
            find(write.ctx, given, "properties.policyDefinitionId"),
            write.properties.get("parameters") or {},
            "policy assignment",
        )
        if write.body.get("identity", {}).get("type", "None") != "None" and not write.body.get("location"):
            raise bad_request(
                "LocationRequired", "A policy assignment with an identity needs a location.", target="location"
            )

    def fill(self, write: Write) -> None:
        """Scope and defaults."""
        properties = write.properties
        properties["scope"] = write.id.scope or "/"
        properties.setdefault("enforcementMode", "Default")
        properties.setdefault("notScopes", [])
        properties["instanceId"] = write.ctx.guid("policy assignment", write.id.key)
        stamp(write)

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Assignments that apply to a scope; below it only without atScope()."""
        wanted = scoped.filtered(ctx, "policyDefinitionId")
        for assignment in scoped.around(ctx, self.type, below=not scoped.at_scope_only(ctx)):
            if wanted in (None, assignment.properties["policyDefinitionId"].lower()):
                yield assignment
