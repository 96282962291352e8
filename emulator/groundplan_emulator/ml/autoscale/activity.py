# SPDX-License-Identifier: Apache-2.0
"""The activity log: what autoscale did and why, kept for 90 days by the emulator's clock, and `MOST` entries at most."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource, Store

RETENTION_DAYS: Final = 90
MOST: Final = 10_000
CALLER: Final = "Microsoft.Insights/autoscaleSettings"
OPERATIONS: Final = "Microsoft.Insights/AutoscaleSettings"


def add(
    ctx: Context, setting: Resource, operation: str, event: str, properties: Mapping[str, str], *, failed: bool = False
) -> None:
    """Write an entry about an autoscale setting. For use inside of a transaction."""
    now, id_ = ctx.clock.now(), str(uuid.uuid4())
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    subscription, group = setting.id.split("/")[2], setting.id.split("/")[4]
    name = f"{OPERATIONS}/{operation}/Action"
    body: dict[str, Any] = {
        "id": f"{setting.id}/events/{id_}/ticks/{int(now * 1e7)}",
        "eventDataId": id_,
        "correlationId": str(uuid.uuid4()),
        "operationId": str(uuid.uuid4()),
        "eventName": _text(event),
        "category": _text("Autoscale"),
        "operationName": _text(name),
        "status": _text("Failed" if failed else "Succeeded"),
        "level": "Error" if failed else "Informational",
        "caller": CALLER,
        "claims": {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/spn": CALLER},
        "description": properties.get("Description", ""),
        "resourceId": setting.id,
        "resourceGroupName": group,
        "resourceProviderName": _text("Microsoft.Insights"),
        "resourceType": _text("Microsoft.Insights/autoscaleSettings"),
        "properties": dict(properties),
        "eventTimestamp": stamp,
        "submissionTimestamp": stamp,
        "subscriptionId": subscription,
        "tenantId": ctx.settings.identity.tenant_id,
    }
    database = ctx.store.database
    database.execute(
        "INSERT INTO activity (at, resource, body) VALUES (?, ?, ?)", (now, setting.key, orjson.dumps(body))
    )
    database.execute("DELETE FROM activity WHERE at < ?", (now - RETENTION_DAYS * 86400,))
    database.execute("DELETE FROM activity WHERE number <= (SELECT max(number) FROM activity) - ?", (MOST,))


def entries(store: Store, subscription: str, start: float, end: float) -> Iterator[dict[str, Any]]:
    """Entries of a subscription, newest first."""
    found = store.database.execute(
        "SELECT body FROM activity WHERE at >= ? AND at <= ? AND resource LIKE ? ORDER BY number DESC",
        (start, end, f"/subscriptions/{subscription.lower()}/%"),
    ).fetchall()
    for (body,) in found:
        yield orjson.loads(body)


def _text(value: str) -> dict[str, str]:
    return {"value": value, "localizedValue": value}
