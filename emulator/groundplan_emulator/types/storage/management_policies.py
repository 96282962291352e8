# SPDX-License-Identifier: Apache-2.0
"""Life-cycle management policies."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.types.storage import endpoints

RULES = 100


class ManagementPolicies(ArmType):
    """Microsoft.Storage/storageAccounts/managementPolicies: one policy per account, `default`.

    Differs from Azure:
    - rules are kept and checked but never run
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/managementPolicies"
    api_versions: ClassVar[tuple[str, ...]] = endpoints.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NameRule("default", "an account's policy is named 'default'")
    created_status: ClassVar[int] = 200

    def check(self, write: Write) -> None:
        """1 to 100 rules with names of their own, each with something to do."""
        rules: list[dict[str, Any]] = write.properties.get("policy", {}).get("rules", [])
        if not 1 <= len(rules) <= RULES:
            raise bad_request(
                "InvalidPolicy",
                f"A policy has 1 to {RULES} rules; this one has {len(rules)}.",
                target="properties.policy.rules",
            )
        names = [str(rule.get("name", "")).lower() for rule in rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise bad_request(
                "InvalidPolicy", f"The rule name '{twice[0]}' is used twice.", target="properties.policy.rules"
            )
        for rule in rules:
            if not rule.get("definition", {}).get("actions"):
                raise bad_request(
                    "InvalidPolicy", f"The rule '{rule.get('name')}' has no action.", target="properties.policy.rules"
                )

    def fill(self, write: Write) -> None:
        """When the policy was changed; rules are on unless said."""
        write.properties["lastModifiedTime"] = write.ctx.clock.stamp()
        for rule in write.properties["policy"]["rules"]:
            rule.setdefault("enabled", True)
