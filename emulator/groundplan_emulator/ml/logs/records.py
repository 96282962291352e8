# SPDX-License-Identifier: Apache-2.0
"""What happened, as columns of the tables. No header, key or body of a request gets in, and no query of its path."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

from groundplan_emulator.ml.logs import lifecycle as events
from groundplan_emulator.ml.logs.destinations import Endpoint
from groundplan_emulator.ml.logs.tracebacks import Raised
from groundplan_emulator.ml.telemetry import Lifecycle, LogLine, Served

CONTAINER: Final = "inference-server"
_SCORE: Final = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"
_SEVERITIES: Final = {"D": 0, "I": 1, "W": 2, "E": 3, "C": 4}
_LEVEL: Final = re.compile(
    r"^\d{4}-\d\d-\d\d[ T][\d:,.]+Z? (?P<letter>[DIWEC]) |\b(?P<word>DEBUG|INFO|WARNING|ERROR|CRITICAL)\b"
)
_BUCKETS: Final = (
    (250, "<250ms"),
    (500, "250ms-500ms"),
    (1_000, "500ms-1sec"),
    (3_000, "1sec-3sec"),
    (7_000, "3sec-7sec"),
    (15_000, "7sec-15sec"),
    (30_000, "15sec-30sec"),
    (60_000, "30sec-1min"),
    (120_000, "1min-2min"),
    (300_000, "2min-5min"),
)


def deployment_of(source: str) -> tuple[str, str]:
    """The id of the endpoint and the name of the deployment that an id is of; two empty texts where it is no deployment's."""
    endpoint, found, name = source.rpartition("/deployments/")
    return (endpoint, name) if found and "/onlineendpoints/" in endpoint.lower() else ("", "")


def instance_name(deployment: str, number: int) -> str:
    """What the tables call an instance; '' for none."""
    return f"{deployment}-{number}" if number >= 0 else ""


def traffic(endpoint: Endpoint, event: Served) -> dict[str, Any]:
    """AmlOnlineEndpointTrafficLog."""
    return {
        "AuthType": endpoint.resource.properties.get("authMode", ""),
        "AzureMLWorkspaceId": endpoint.workspace.properties.get("workspaceId", ""),
        "AzureMLWorkspaceName": endpoint.workspace.name,
        "DeploymentName": event.deployment,
        "EndpointName": endpoint.resource.name,
        "Location": endpoint.resource.body.get("location", ""),
        "Method": event.method,
        "ModelStatusCode": event.model_status,
        "ModelStatusReason": _phrase(event.model_status),
        "OperationName": _SCORE,
        "Path": _path(event),
        "Protocol": "HTTP/1.1",
        "RequestDurationMs": 0,
        "RequestPayloadSize": event.request_bytes,
        "RequestThrottlingDelayMs": 0,
        "ResponseCode": event.status,
        "ResponseCodeReason": event.reason or _phrase(event.status),
        "ResponseDurationMs": round(event.model_seconds * 1000),
        "ResponsePayloadSize": event.response_bytes,
        "ResponseThrottlingDelayMs": 0,
        "TotalDurationMs": round(event.seconds * 1000),
        "XMSClientRequestId": event.client_request_id,
        "XRequestId": event.request_id,
    }


def console(deployment: str, event: LogLine) -> dict[str, Any]:
    """AmlOnlineEndpointConsoleLog."""
    return {
        "ContainerName": CONTAINER,
        "DeploymentName": deployment,
        "InstanceId": instance_name(deployment, event.instance),
        "Message": event.text,
    }


def lifecycle(deployment: str, event: Lifecycle) -> dict[str, Any] | None:
    """AmlOnlineEndpointEventLog, or None where Azure has no such event."""
    found = events.of(event.text)
    if found is None:
        return None
    name, message = found
    instance = instance_name(deployment, event.instance)
    return {"DeploymentName": deployment, "InstanceId": instance, "Message": message, "Name": name}


def request(endpoint: Endpoint, key: str, event: Served) -> dict[str, Any]:
    """AppRequests, as the scoring server tells it: what the model answered, not what became of it on the way."""
    milliseconds = event.model_seconds * 1000
    return {
        **_application(event.deployment, event.instance, key),
        "DurationMs": milliseconds,
        "Id": event.request_id,
        "Name": _path(event),
        "OperationId": event.request_id.replace("-", ""),
        "OperationName": _path(event),
        "PerformanceBucket": bucket(milliseconds),
        "Properties": {
            "Request Id": event.request_id,
            "Client Request Id": event.client_request_id,
            "Service Name": endpoint.resource.name,
            "Workspace Name": endpoint.workspace.name,
        },
        "ResultCode": str(event.model_status),
        "Success": event.model_status < 400,
        "Url": f"http://{endpoint.resource.name}{_path(event)}",
    }


def trace(deployment: str, key: str, event: LogLine) -> dict[str, Any]:
    """AppTraces: a line of the console, with the level that it names."""
    return {
        **_application(deployment, event.instance, key),
        "Message": event.text,
        "Properties": {"stream": event.stream},
        "SeverityLevel": _severity(event.text),
    }


def exception(deployment: str, instance: int, key: str, raised: Raised) -> dict[str, Any]:
    """AppExceptions: a traceback of the console."""
    return {
        **_application(deployment, instance, key),
        "Assembly": raised.file,
        "Details": [{"type": raised.type, "message": raised.message, "rawStack": raised.stack}],
        "ExceptionType": raised.type,
        "InnermostMessage": raised.message,
        "InnermostMethod": raised.function,
        "InnermostType": raised.type,
        "Method": raised.function,
        "OuterMessage": raised.message,
        "OuterMethod": raised.function,
        "OuterType": raised.type,
        "ProblemId": f"{raised.type} at {raised.function}" if raised.function else raised.type,
        "SeverityLevel": _SEVERITIES["E"],
    }


def bucket(milliseconds: float) -> str:
    """The performance bucket of a duration."""
    return next((name for most, name in _BUCKETS if milliseconds < most), ">=5min")


def _application(deployment: str, instance: int, key: str) -> dict[str, Any]:
    role = instance_name(deployment, instance)
    return {"AppRoleName": deployment, "AppRoleInstance": role, "IKey": key, "ItemCount": 1}


def _path(event: Served) -> str:
    return event.path.partition("?")[0]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _severity(text: str) -> int:
    found = _LEVEL.search(text[:200])
    return _SEVERITIES[(found["letter"] or found["word"])[0]] if found else _SEVERITIES["I"]
