# SPDX-License-Identifier: Apache-2.0
"""The activity log of a subscription."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, bad_request
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import ArmType, route
from groundplan_emulator.ml.autoscale import activity

_CLAUSE = re.compile(r"(?P<name>\w+)\s+(?P<operator>eq|ge|le)\s+'(?P<value>[^']*)'", re.IGNORECASE)
_FIELDS: Final = {
    "resourcegroupname": ("resourceGroupName",),
    "resourceuri": ("resourceId",),
    "resourceid": ("resourceId",),
    "resourceprovider": ("resourceProviderName", "value"),
    "resourcetype": ("resourceType", "value"),
    "correlationid": ("correlationId",),
    "eventchannels": (),
    "status": ("status", "value"),
    "caller": ("caller",),
    "category": ("category", "value"),
    "level": ("level",),
}
_TIMES: Final = ("eventtimestamp", "submissiontimestamp")


class ActivityLog(ArmType):
    """Microsoft.Insights/eventtypes: what happened in a subscription, as `activity_logs.list` of Microsoft's client asks for it.

    Differs from Azure:
    - only autoscale writes entries; a category other than Autoscale has none
    """

    type: ClassVar[str] = "Microsoft.Insights/eventtypes"

    @route("GET", "/subscriptions/{subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values")
    def values(self, ctx: Context, params: dict[str, str], _body: dict[str, Any]) -> Response:
        """Entries that `$filter` asks for, newest first; `$select` names the fields that are wanted."""
        text = ctx.request.query.get("$filter", "")
        wanted, start, end = _read(text, ctx.clock.now())
        chosen = {name.strip().lower() for name in ctx.request.query.get("$select", "").split(",") if name.strip()}
        found = [
            {name: value for name, value in entry.items() if not chosen or name.lower() in chosen}
            for entry in activity.entries(ctx.store, params["subscriptionId"], start, end)
            if all(_field(entry, path) == value for path, value in wanted)
        ]
        return lifecycle.page(ctx, found)


def _read(text: str, now: float) -> tuple[list[tuple[tuple[str, ...], str]], float, float]:
    """Fields and the values (lower case) that they must have, and the time from and to."""
    wanted: list[tuple[tuple[str, ...], str]] = []
    start, end = now - activity.RETENTION_DAYS * 86400, now
    for part in filter(None, (each.strip() for each in re.split(r"\s+and\s+", text, flags=re.IGNORECASE))):
        match = _CLAUSE.fullmatch(part)
        name = match["name"].lower() if match else ""
        if match is None or name not in (*_FIELDS, *_TIMES):
            raise _unreadable(part)
        if name in _TIMES:
            moment = _time(part, match["value"])
            start = max(start, moment) if match["operator"].lower() == "ge" else start
            end = moment if match["operator"].lower() == "le" else end
        elif _FIELDS[name]:
            wanted.append((_FIELDS[name], match["value"].lower()))
    return wanted, start, end


def _time(part: str, text: str) -> float:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise _unreadable(part) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _unreadable(part: str) -> ArmError:
    return bad_request(
        "BadRequest",
        f"The $filter cannot be read at '{part}': it consists of clauses like eventTimestamp ge '2026-01-31T00:00:00Z' or"
        f" resourceGroupName eq 'NAME', joined by 'and'; fields are eventTimestamp, {', '.join(_FIELDS)}.",
    )


def _field(entry: dict[str, Any], path: tuple[str, ...]) -> str:
    value: Any = entry
    for name in path:
        value = value.get(name) or {}
    return str(value).lower()
