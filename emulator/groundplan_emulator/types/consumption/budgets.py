# SPDX-License-Identifier: Apache-2.0
"""Budgets."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from groundplan_emulator.arm.errors import ArmError, bad_request
from groundplan_emulator.arm.resource import ArmType, NameRule, Write

NOTIFICATIONS = 5
LARGEST_THRESHOLD = 1000
YEAR = timedelta(days=366)
RECIPIENTS = ("contactEmails", "contactGroups", "contactRoles")


class Budgets(ArmType):
    """Microsoft.Consumption/budgets: a period from the first of a month, an amount, up to five notifications.

    Differs from Azure:
    - nothing is ever spent: currentSpend is 0, and no notification is sent
    - a period that began long ago is taken; Azure wants the start of a new budget in the running period or later
    """

    type: ClassVar[str] = "Microsoft.Consumption/budgets"
    api_versions: ClassVar[tuple[str, ...]] = ("2019-10-01", "2021-10-01", "2023-11-01")
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[A-Za-z0-9_-]{1,63}", "1 to 63 letters, digits, hyphens and underscores"
    )

    def check(self, write: Write) -> None:
        """Amount, period, notifications and the etag of the version that a client changes."""
        properties = write.properties
        amount = properties.get("amount", 0)
        if not amount > 0:
            raise _refused(f"Budget amount should be greater than 0; it is {amount}.", "properties.amount")
        self._check_period(write)
        given = write.body.pop("eTag", None)
        if write.old is not None and given is not None and given != write.old.body.get("eTag"):
            raise ArmError(
                412, "412", f"The eTag {given} is not the budget's latest, {write.old.body.get('eTag')}.", target="eTag"
            )
        notifications: dict[str, dict[str, Any]] = properties.get("notifications") or {}
        if len(notifications) > NOTIFICATIONS:
            raise _refused(
                f"A budget has at most {NOTIFICATIONS} notifications; this one has {len(notifications)}.",
                "properties.notifications",
            )
        for name, said in notifications.items():
            self._check_notification(name, said)

    def _check_period(self, write: Write) -> None:
        period: dict[str, str] = write.properties.get("timePeriod", {})
        start, end = _time(period.get("startDate"), "startDate"), _time(period.get("endDate"), "endDate")
        if start is None:
            raise _refused("Budget start date is required.", "properties.timePeriod.startDate")
        if start.day != 1:
            raise _refused(
                f"Budget start date must be the first of a month; it is {period['startDate']}.",
                "properties.timePeriod.startDate",
            )
        now = datetime.fromtimestamp(write.ctx.clock.now(), UTC)
        if write.old is None and start > now + YEAR:
            raise _refused(
                f"Budget start date is more than twelve months away: {period['startDate']}.",
                "properties.timePeriod.startDate",
            )
        if end is not None and end <= start:
            raise _refused("Budget end date must be after its start date.", "properties.timePeriod.endDate")
        before = write.old_properties.get("timeGrain")
        if before is not None and before != write.properties.get("timeGrain"):
            raise _refused(f"The time grain of a budget cannot be changed from '{before}'.", "properties.timeGrain")

    def _check_notification(self, name: str, said: dict[str, Any]) -> None:
        threshold, target = said.get("threshold", 0), f"properties.notifications.{name}"
        if not 0 < threshold <= LARGEST_THRESHOLD:
            raise _refused(
                f"The threshold of notification '{name}' is {threshold}; allowed: more than 0, at most {LARGEST_THRESHOLD}.",
                target,
            )
        if not any(said.get(kind) for kind in RECIPIENTS):
            raise _refused(f"The notification '{name}' has no recipient in {', '.join(RECIPIENTS)}.", target)

    def fill(self, write: Write) -> None:
        """End of the period, spend and etag."""
        properties, period = write.properties, write.properties["timePeriod"]
        period["startDate"] = _text(period["startDate"])
        start = datetime.fromisoformat(period["startDate"])
        period["endDate"] = (
            _text(period["endDate"])
            if period.get("endDate")
            else _text(start.replace(year=start.year + 10).isoformat())
        )
        properties["currentSpend"] = {"amount": 0, "unit": "USD"}
        for said in (properties.get("notifications") or {}).values():
            said.setdefault("thresholdType", "Actual")
        write.body["eTag"] = f'"{uuid.uuid4().hex[:15]}"'


def _refused(message: str, target: str) -> ArmError:
    """The service's own envelope: its code is the status."""
    return bad_request("400", message, target=target)


def _time(text: str | None, name: str) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _refused(f"Budget {name} is no date: {text}.", f"properties.timePeriod.{name}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(text: str) -> str:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
