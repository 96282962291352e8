# SPDX-License-Identifier: Apache-2.0
"""What the front end of online endpoints answers itself, in Azure's words, and what it makes of a model's answer.

Status codes, reasons and header names are those of Microsoft's troubleshooting page and of the front end's published filters. The first
line of a refusal is Azure's where that is known; the second says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundplan_emulator.ml.router.upstream import Connection, Headers

OK: Final = 200
GONE: Final = 499
"""What a request is recorded with whose client left; nobody gets it."""
SERVER: Final = (b"server", b"azureml-frontdoor")
ERROR_STATUS, ERROR_REASON = b"ms-azureml-model-error-statuscode", b"ms-azureml-model-error-reason"
_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"server",
        b"date",
    }
)


@dataclass(slots=True, eq=False)
class Refusal(Exception):  # noqa: N818  (an answer, not a fault)
    """An answer of the front end. `reason`: a word for the records; `model_error`: whether clients are told it as the model's."""

    status: int
    reason: str
    text: str
    model_error: bool = False


def unauthorized(word: str, message: str) -> Refusal:
    """401."""
    return Refusal(401, word, f"{word}\n{message}")


def no_endpoint(host: str) -> Refusal:
    """404 for a host that no endpoint has; in Azure its name would not resolve."""
    return Refusal(
        404, "no_endpoint", f"There is no online endpoint behind '{host}'. Look at scoring_uri of the endpoint."
    )


def no_traffic(endpoint: str, names: list[str]) -> Refusal:
    """404 where the traffic map leads nowhere."""
    return Refusal(
        404,
        "no_valid_deployment",
        f"The endpoint '{endpoint}' doesn't have any valid deployment with positive weight.\n"
        f"Set its traffic, or name a deployment in the header azureml-model-deployment. {_known(names)}",
    )


def no_deployment(endpoint: str, wanted: str, names: list[str]) -> Refusal:
    """404 for a deployment that the header names."""
    return Refusal(
        404,
        "deployment_not_found",
        f"The endpoint '{endpoint}' has no deployment '{wanted}', which the header azureml-model-deployment names. {_known(names)}",
    )


def too_large(limit: int) -> Refusal:
    """413. What the client still sends is dropped, not kept."""
    return Refusal(
        413,
        "payload_too_large",
        f"Payload Too Large\nThe body is larger than {limit} bytes. Send less, or pass a reference to data in storage.",
    )


def too_many(deployment: str, most: int, *, kubernetes: bool) -> Refusal:
    """429 of a managed deployment, 503 of one on Kubernetes."""
    return Refusal(
        503 if kubernetes else 429,
        "too_many_pending_request",
        f"Deployment '{deployment}' has {most} requests under way, which is 2 * maxConcurrentRequestsPerInstance * instances."
        " Try again later, add instances, or raise request_settings.max_concurrent_requests_per_instance.",
        model_error=True,
    )


def queued_too_long(deployment: str, seconds: float) -> Refusal:
    """503 of a deployment on Kubernetes whose `maxQueueWait` is over."""
    return Refusal(
        503,
        "queue_wait_exceeded",
        f"The request waited {seconds:g} s for an instance of deployment '{deployment}' (maxQueueWait)."
        " Add instances, or raise request_settings.max_queue_wait_ms.",
        model_error=True,
    )


def not_ready(deployment: str) -> Refusal:
    """503."""
    return Refusal(
        503,
        "model_not_ready",
        f"No instance of deployment '{deployment}' is ready. Its logs say why: online_deployments.get_logs('{deployment}', ...).",
        model_error=True,
    )


def timed_out(deployment: str, seconds: float, *, kubernetes: bool) -> Refusal:
    """408 of a managed deployment, 504 of one on Kubernetes."""
    return Refusal(
        504 if kubernetes else 408,
        "timeout",
        f"upstream request timeout\nDeployment '{deployment}' did not answer within {seconds:g} s (requestTimeout)."
        " Make run() faster, or raise request_settings.request_timeout_ms.",
    )


def broken(deployment: str, why: str) -> Refusal:
    """502: the process went away, or speaks no HTTP."""
    return Refusal(
        502,
        "upstream_reset",
        "upstream connect error or disconnect/reset before headers\n"
        f"The process of deployment '{deployment}' gave no answer: {why}. Its logs say more: online_deployments.get_logs.",
    )


def failed() -> Refusal:
    """500: a fault of ours."""
    return Refusal(
        500, "internal_error", "Internal Server Error\nThe emulator failed on this request; its log says why."
    )


def injected(status: int, code: str, message: str) -> Refusal:
    """A fault that the control API asked for."""
    return Refusal(status, code, message)


def client_headers(
    connection: Connection, deployment: str, request_id: bytes, *, kubernetes: bool
) -> tuple[int, Headers]:
    """The status and headers of a model's answer, as the client gets them."""
    status = connection.status
    named = (ERROR_STATUS, ERROR_REASON, b"azureml-model-deployment")
    headers: Headers = [pair for pair in connection.headers if pair[0] not in _HOP and pair[0] not in named]
    names = {name for name, _ in headers}
    headers.append(SERVER)
    headers.append((b"azureml-model-deployment", deployment.encode()))
    headers += [(name, request_id) for name in (b"x-request-id", b"x-ms-request-id") if name not in names]
    if kubernetes:
        return (502 if status >= 500 else status), headers
    if status != OK:
        headers += [(ERROR_STATUS, str(status).encode()), (ERROR_REASON, b"model_error")]
        status = 424
    return status, headers


def model_headers(received: Headers, request_id: bytes, deployment: str, length: int) -> bytes:
    """The headers that the model gets, as bytes: the client's, without its key."""
    parts = [
        b"%b: %b\r\n" % pair
        for pair in received
        if pair[0] not in _HOP
        and pair[0]
        not in (b"authorization", b"content-length", b"expect", b"x-request-id", b"azureml-model-deployment")
    ]
    parts.append(
        b"x-request-id: %b\r\nazureml-model-deployment: %b\r\ncontent-length: %d\r\n\r\n"
        % (request_id, deployment.encode(), length)
    )
    return b"".join(parts)


def _known(names: list[str]) -> str:
    return f"Deployments: {', '.join(sorted(names)) or 'none'}."
