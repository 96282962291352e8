# SPDX-License-Identifier: Apache-2.0
"""Policy assignments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.authorization import policy, scoped


class PolicyAssignments(ArmType):
    """Microsoft.Authorization/policyAssignments: a definition or initiative on a scope.

    Differs from Azure:
    - an assignment denies and changes nothing, and there are no compliance results
    - the existence of built-in definitions and their parameters are not checked
    """

    type: ClassVar[str] = policy.ASSIGNMENT
    name_rule: ClassVar[NameRule | None] = policy.NAME
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
        policy.check_parameters(
            policy.find(write.ctx, given, "properties.policyDefinitionId"),
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
        policy.stamp(write)

    def listed(self, ctx: Context, found: Iterable[Resource]) -> Iterable[Resource]:
        """Assignments that apply to a scope; below it only without atScope()."""
        wanted = scoped.filtered(ctx, "policyDefinitionId")
        for assignment in scoped.around(ctx, self.type, below=not scoped.at_scope_only(ctx)):
            if wanted in (None, assignment.properties["policyDefinitionId"].lower()):
                yield assignment
