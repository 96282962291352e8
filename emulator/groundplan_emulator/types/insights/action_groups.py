# SPDX-License-Identifier: Apache-2.0
"""Action groups."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write

SHORT_NAME = 12
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class ActionGroups(ArmType):
    """Microsoft.Insights/actionGroups: receivers with names of their own.

    Differs from Azure:
    - no one is notified
    """

    type: ClassVar[str] = "Microsoft.Insights/actionGroups"
    location_required: ClassVar[bool] = False
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[^:<>+/&%\\?]{0,259}[^:<>+/&%\\?. ]", "1 to 260 characters, not ending in a space or period"
    )

    def check(self, write: Write) -> None:
        """Length of the short name, names and addresses of receivers."""
        short = str(write.properties.get("groupShortName", ""))
        if not 1 <= len(short) <= SHORT_NAME:
            raise bad_request(
                "BadRequest",
                f"groupShortName is '{short}'; it has 1 to {SHORT_NAME} characters.",
                target="properties.groupShortName",
            )
        receivers: list[dict[str, Any]] = [
            receiver
            for name, value in write.properties.items()
            if name.endswith("Receivers")
            for receiver in value or []
        ]
        names = [str(receiver.get("name", "")).lower() for receiver in receivers]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise bad_request("BadRequest", f"The receiver name '{twice[0]}' is used twice.", target="properties")
        for receiver in write.properties.get("emailReceivers") or []:
            if EMAIL.fullmatch(str(receiver.get("emailAddress", ""))) is None:
                raise bad_request(
                    "BadRequest",
                    f"'{receiver.get('emailAddress')}' is no e-mail address.",
                    target="properties.emailReceivers",
                )

    def fill(self, write: Write) -> None:
        """Action groups are global unless said; receivers of mail are enabled."""
        write.body.setdefault("location", "global")
        write.properties.setdefault("enabled", True)
        for receiver in write.properties.get("emailReceivers") or []:
            receiver["status"] = "Enabled"
            receiver.setdefault("useCommonAlertSchema", False)
