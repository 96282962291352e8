# SPDX-License-Identifier: Apache-2.0
"""Telemetry items, as SDKs of Application Insights send them, as rows of its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from groundplan_emulator.ml.logs.destinations import Application
from groundplan_emulator.ml.logs.records import bucket
from groundplan_emulator.ml.logs.rows import Row

_TAGS: Final = {
    "ai.application.ver": "AppVersion",
    "ai.cloud.role": "AppRoleName",
    "ai.cloud.roleInstance": "AppRoleInstance",
    "ai.device.model": "ClientModel",
    "ai.device.osVersion": "ClientOS",
    "ai.device.type": "ClientType",
    "ai.internal.sdkVersion": "SDKVersion",
    "ai.operation.id": "OperationId",
    "ai.operation.name": "OperationName",
    "ai.operation.parentId": "ParentId",
    "ai.operation.syntheticSource": "SyntheticSource",
    "ai.session.id": "SessionId",
    "ai.user.accountId": "UserAccountId",
    "ai.user.authUserId": "UserAuthenticatedId",
    "ai.user.id": "UserId",
}
_SEVERITIES: Final = {"verbose": 0, "information": 1, "warning": 2, "error": 3, "critical": 4}
_DURATION: Final = re.compile(r"(?:(?P<days>\d+)\.)?(?P<hours>\d+):(?P<minutes>\d+):(?P<seconds>\d+(?:\.\d+)?)")


class ItemError(ValueError):
    """An item that is not taken; the message says why."""


def row_of(item: dict[str, Any], application: Application) -> Iterator[Row]:
    """The rows of an item: one, or one a metric. Raises `ItemError`."""
    try:
        at = datetime.fromisoformat(str(item["time"])).timestamp()
        kind, data = str(item["data"]["baseType"]), dict(item["data"]["baseData"])
    except (KeyError, TypeError, ValueError):
        raise ItemError("an item has 'time', and 'data' with 'baseType' and 'baseData'") from None
    for table, columns in _rows(kind, data):
        shared = {**_shared(item, application.key), **_extra(data)}
        yield Row(application.workspace, table, at, application.component, {**shared, **columns})


def _shared(item: dict[str, Any], key: str) -> dict[str, Any]:
    tags: dict[str, Any] = item.get("tags") or {}
    known = {column: str(tags[tag]) for tag, column in _TAGS.items() if tags.get(tag)}
    rate = _number(item.get("sampleRate")) or 100.0
    return {"IKey": key, "ItemCount": round(100 / rate), "ClientType": "PC", **known}


def _extra(data: dict[str, Any]) -> dict[str, Any]:
    named = {"Properties": data.get("properties"), "Measurements": data.get("measurements")}
    return {name: value for name, value in named.items() if value}


def _rows(kind: str, data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    match kind:
        case "RequestData":
            more = {"Source": data.get("source"), "Url": data.get("url"), "ResultCode": data.get("responseCode")}
            yield "AppRequests", {**_call(data), **more}
        case "RemoteDependencyData":
            more = {"Data": data.get("data"), "Target": data.get("target"), "DependencyType": data.get("type")}
            yield "AppDependencies", {**_call(data), **more, "ResultCode": data.get("resultCode")}
        case "MessageData":
            yield "AppTraces", {"Message": data.get("message"), "SeverityLevel": _severity(data)}
        case "EventData":
            yield "AppEvents", {"Name": data.get("name")}
        case "ExceptionData":
            yield "AppExceptions", _exception(data)
        case "MetricData":
            for metric in data.get("metrics") or []:
                yield "AppMetrics", _metric(metric)
        case _:
            raise ItemError(f"the local Azure keeps no '{kind}'")


def _call(data: dict[str, Any]) -> dict[str, Any]:
    found = _DURATION.fullmatch(str(data.get("duration", "")))
    parts = {name: float(value or 0) for name, value in found.groupdict().items()} if found else dict[str, float]()
    hours = parts.get("days", 0) * 24 + parts.get("hours", 0)
    milliseconds = ((hours * 60 + parts.get("minutes", 0)) * 60 + parts.get("seconds", 0)) * 1000
    return {
        "Id": data.get("id"),
        "Name": data.get("name"),
        "DurationMs": milliseconds,
        "PerformanceBucket": bucket(milliseconds),
        "Success": bool(data.get("success", True)),
    }


def _metric(metric: dict[str, Any]) -> dict[str, Any]:
    value = _number(metric.get("value")) or 0.0
    low, high = _number(metric.get("min")), _number(metric.get("max"))
    return {
        "Name": metric.get("name"),
        "Sum": value,
        "Min": value if low is None else low,
        "Max": value if high is None else high,
        "ItemCount": int(metric.get("count") or 1),
    }


def _exception(data: dict[str, Any]) -> dict[str, Any]:
    raised: list[dict[str, Any]] = data.get("exceptions") or [{}]
    outer, inner = raised[0], raised[-1]
    return {
        "ExceptionType": outer.get("typeName"),
        "OuterType": outer.get("typeName"),
        "OuterMessage": outer.get("message"),
        "InnermostType": inner.get("typeName"),
        "InnermostMessage": inner.get("message"),
        "ProblemId": data.get("problemId") or outer.get("typeName"),
        "SeverityLevel": _severity(data, 3),
        "Details": raised,
    }


def _severity(data: dict[str, Any], usual: int | None = None) -> int | None:
    said = data.get("severityLevel")
    return said if isinstance(said, int) else _SEVERITIES.get(str(said).lower(), usual)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
