# SPDX-License-Identifier: Apache-2.0
"""Autoscale settings."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, Write

PROFILES = 20
RULES = 10


class AutoscaleSettings(ArmType):
    """Microsoft.Insights/autoscalesettings: profiles with a capacity and rules, for one target.

    Differs from Azure:
    - nothing is scaled
    """

    type: ClassVar[str] = "Microsoft.Insights/autoscalesettings"
    references: ClassVar[tuple[str, ...]] = ("properties.targetResourceUri",)

    def check(self, write: Write) -> None:
        """1 to 20 profiles, each with a capacity in order and 10 rules at most."""
        profiles: list[dict[str, Any]] = write.properties.get("profiles") or []
        if not 1 <= len(profiles) <= PROFILES:
            raise bad_request(
                "BadRequest",
                f"An autoscale setting has 1 to {PROFILES} profiles; this one has {len(profiles)}.",
                target="properties.profiles",
            )
        for index, profile in enumerate(profiles):
            target = f"properties.profiles[{index}]"
            capacity = profile.get("capacity", {})
            try:
                low, default, high = (int(capacity[name]) for name in ("minimum", "default", "maximum"))
            except (KeyError, ValueError):
                raise bad_request(
                    "BadRequest",
                    "A capacity has minimum, default and maximum: whole numbers.",
                    target=f"{target}.capacity",
                ) from None
            if not low <= default <= high:
                raise bad_request(
                    "BadRequest",
                    f"The capacity is not in order: {low} <= {default} <= {high}.",
                    target=f"{target}.capacity",
                )
            if len(profile.get("rules") or []) > RULES:
                raise bad_request("BadRequest", f"A profile has at most {RULES} rules.", target=f"{target}.rules")

    def fill(self, write: Write) -> None:
        """A setting is on unless said, and says its name again."""
        write.properties.setdefault("enabled", True)
        write.properties.setdefault("name", write.id.name)
        write.properties.setdefault("targetResourceLocation", write.body["location"])
