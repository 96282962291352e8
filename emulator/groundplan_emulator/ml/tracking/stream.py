# SPDX-License-Identifier: Apache-2.0
"""`/mlflow/v1.0/subscriptions/.../workspaces/{name}/api/...`: who answers what an MLflow client asks of a workspace."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from groundplan_emulator.ml.tracking import artifacts, calls, registry, server
from groundplan_emulator.ml.tracking.refusal import Refusal
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

log = logging.getLogger("groundplan.emulator")
_PATH: Final = re.compile(
    r"/mlflow/v[12]\.0(?P<workspace>/subscriptions/[^/]+/resourcegroups/[^/]+/providers"
    r"/microsoft\.machinelearningservices/workspaces/[^/]+)(?P<rest>/.*)?",
    re.IGNORECASE,
)
_ARTIFACTS: Final = "/api/2.0/mlflow-artifacts/"
_HIDDEN: Final = "/api/3.0/mlflow/workspaces"
"""MLflow's own workspaces keep those of Azure apart; a client of one sees no other."""
_EXPERIMENTS: Final = ("experiment_id", "experiment_ids")
_PASSED: Final = ("content-type", "accept", "user-agent")
"""Headers that MLflow's server gets from the client; the token stays here."""


async def serve(azure: Azure, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request of an MLflow client; refusals are MLflow's JSON (`error_code`, `message`)."""
    request = Request(scope, receive)
    try:
        response = await _answer(azure, request)
    except Refusal as refusal:
        response = _refused(refusal.status, refusal.code, str(refusal))
    except server.UnavailableError as error:
        # MLflow's client tries a 503 seven times, for minutes, before it says why
        response = _refused(424, "TEMPORARILY_UNAVAILABLE", str(error))
    except calls.CallError as error:
        response = Response(orjson.dumps(error.answer), error.status, media_type="application/json")
    except ClientDisconnect:
        return
    except Exception:
        log.exception("%s %s failed", request.method, request.url.path)
        response = _refused(500, "INTERNAL_ERROR", "The emulator failed on this request; its log says why.")
    if response.status_code >= 500:
        log.info("%s %s %d", request.method, request.url.path, response.status_code)
    await response(scope, receive, send)


def _refused(status: int, code: str, message: str) -> Response:
    return Response(orjson.dumps({"error_code": code, "message": message}), status, media_type="application/json")


async def _answer(azure: Azure, request: Request) -> Response:
    workspace, rest = _target(azure, request)
    if rest.startswith(_ARTIFACTS):
        return await artifacts.answer(azure, workspace, request, rest.removeprefix(_ARTIFACTS))
    if (wanted := registry.operation(rest)) is not None:
        values = await _values(request)
        return await registry.answer(azure, workspace, request.method, wanted, values)
    if not rest.startswith("/api/") or rest.startswith(_HIDDEN):
        raise Refusal(
            404, "ENDPOINT_NOT_FOUND", f"The tracking URI answers MLflow's API and has no page or call '{rest}'."
        )
    return await _passed_on(azure, workspace, request, rest)


def _target(azure: Azure, request: Request) -> tuple[Resource, str]:
    path = re.sub("//+", "/", unquote(request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0]))
    match = _PATH.fullmatch(path or request.url.path)
    if match is None:
        raise Refusal(404, "ENDPOINT_NOT_FOUND", "The path names no workspace: take the workspace's mlFlowTrackingUri.")
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        raise Refusal(
            401,
            "UNAUTHENTICATED",
            "The request has no bearer token: set MLFLOW_TRACKING_TOKEN, as `groundplan local env` does.",
        )
    found = azure.store.get(match["workspace"])
    if found is None:
        raise Refusal(
            404, "RESOURCE_DOES_NOT_EXIST", f"There is no workspace '{match['workspace'].rsplit('/', 1)[1]}'."
        )
    return found, (match["rest"] or "/").replace("/ajax-api/", "/api/", 1)


async def _values(request: Request) -> dict[str, Any]:
    """What a request says, in its query or in its JSON body."""
    if request.method == "GET":
        return {
            key: many[0] if len(many := request.query_params.getlist(key)) == 1 else many
            for key in request.query_params
        }
    try:
        value: object = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise Refusal(400, "BAD_REQUEST", "The body must be a JSON object.")
    return value  # pyright: ignore[reportUnknownVariableType]


async def _passed_on(azure: Azure, workspace: Resource, request: Request, rest: str) -> Response:
    client = await calls.ready(azure, workspace)
    name = server.name_of(workspace)
    default = server.of(azure).ready[name]
    headers = {each: request.headers[each] for each in _PASSED if each in request.headers}
    params: list[tuple[str, str | int | float | bool | None]] = []
    for key, value in request.query_params.multi_items():
        params.append((key, default if key in _EXPERIMENTS and value == "0" else value))
    body = _with_ids(await request.body(), default)
    answer = await client.request(
        request.method, rest, params=params, content=body, headers={**headers, calls.HEADER: name}
    )
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))


def _with_ids(body: bytes, default: str) -> bytes:
    """A body whose experiment `0` is the workspace's default one: MLflow's client takes it for granted that there is a `0`."""
    if b'"0"' not in body or not body.lstrip().startswith(b"{"):
        return body
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    for key in _EXPERIMENTS:
        given = content.get(key)
        if isinstance(given, list):
            content[key] = [default if each == "0" else each for each in given]
        elif given == "0":
            content[key] = default
    return orjson.dumps(content)
