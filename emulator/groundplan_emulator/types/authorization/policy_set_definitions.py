# SPDX-License-Identifier: Apache-2.0
"""Initiatives: sets of policy definitions."""

from __future__ import annotations

from typing import ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.authorization import policy


class PolicySetDefinitions(ArmType):
    """Microsoft.Authorization/policySetDefinitions: initiatives of custom and built-in definitions.

    Differs from Azure:
    - parameters of built-in members are not checked
    """

    type: ClassVar[str] = policy.SET
    name_rule: ClassVar[NameRule | None] = policy.NAME

    def check(self, write: Write) -> None:
        """Members exist and get their parameters."""
        for index, member in enumerate(write.properties.get("policyDefinitions", [])):
            target = f"properties.policyDefinitions[{index}].policyDefinitionId"
            found = policy.find(write.ctx, member["policyDefinitionId"], target)
            policy.check_parameters(found, member.get("parameters") or {}, "policy set definition")

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
        policy.stamp(write)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while something uses it."""
        policy.refuse_in_use(ctx, resource)
