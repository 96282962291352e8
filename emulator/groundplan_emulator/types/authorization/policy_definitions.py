# SPDX-License-Identifier: Apache-2.0
"""Policy definitions."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.authorization import policy


class PolicyDefinitions(ArmType):
    """Microsoft.Authorization/policyDefinitions: custom definitions.

    Differs from Azure:
    - built-in definitions cannot be read, but can be assigned by their id; rules are kept, not compiled
    """

    type: ClassVar[str] = policy.DEFINITION
    name_rule: ClassVar[NameRule | None] = policy.NAME

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
        policy.stamp(write)

    def deleting(self, ctx: Context, resource: Resource) -> None:
        """Refused while something uses it."""
        policy.refuse_in_use(ctx, resource)
