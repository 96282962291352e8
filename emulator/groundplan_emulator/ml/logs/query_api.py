# SPDX-License-Identifier: Apache-2.0
"""The query service of Azure Monitor Logs, at `/v1/...` and below a first segment that is its host's name.

    POST /v1/workspaces/{own id of a Log Analytics workspace}/query    GET too, with `query` and `timespan` in the query string
    POST /v1/{ARM id of a resource}/query
    POST /v1/$batch

Differs from Azure:
- nobody is refused for want of a role; two queries run at a time, the others wait
- a query about a resource looks into every workspace that has rows about it
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

import orjson
from starlette.types import Receive, Scope, Send

from groundplan_emulator import asgi
from groundplan_emulator.ml.logs import answers, kql, rows, timespan
from groundplan_emulator.ml.logs.database import Range
from groundplan_emulator.ml.logs.errors import (
    QueryError,
    bad_argument,
    path_not_found,
    semantic,
    timed_out,
    unauthorized,
    unavailable,
)
from groundplan_emulator.ml.logs.keeper import LOG_WORKSPACES
from groundplan_emulator.ml.logs.running import Running
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

COMPONENTS: Final = "Microsoft.Insights/components"
_POOL: Final = ThreadPoolExecutor(2, thread_name_prefix="logs")
_USUAL, _MOST = 180.0, 600.0
"""Seconds that a query has."""
_DAY: Final = 24 * 3600.0
_MOST_IN_BATCH: Final = 100
_WORKSPACE = re.compile(r"workspaces/([^/]+)/query", re.IGNORECASE)
_RESOURCE = re.compile(r"(subscriptions/.+)/query", re.IGNORECASE)
_WAIT = re.compile(r"wait=(\d+)")


@dataclass(frozen=True, slots=True)
class _Question:
    path: str
    query: object
    timespan: object
    workspaces: object
    prefer: str


async def serve(azure: Azure, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    path = unquote(scope["path"]).strip("/")
    path = path.partition("/")[2].lstrip("/") if path.lower().startswith("api.") else path
    try:
        if not headers.get("authorization", "").lower().startswith("bearer "):
            raise unauthorized()
        version, _, rest = path.partition("/")
        if version.lower() != "v1":
            raise path_not_found(f"'/{path}'; the service's paths begin with '/v1/'")
        if scope["method"] == "POST" and rest.lower() == "$batch":
            status, body = 200, await _batch(azure, await _json(receive))
        else:
            status, body = 200, await _answer(azure, await _question(scope, rest, headers, receive))
    except QueryError as error:
        status, body = error.status, {"error": error.error}
    await asgi.send_json(send, status, body)


async def _question(scope: Scope, path: str, headers: dict[str, str], receive: Receive) -> _Question:
    if scope["method"] == "GET":
        said: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    elif scope["method"] == "POST":
        said = await _json(receive)
    else:
        raise path_not_found(f"{scope['method']} /v1/{path}")
    return _Question(path, said.get("query"), said.get("timespan"), said.get("workspaces"), headers.get("prefer", ""))


async def _json(receive: Receive) -> dict[str, Any]:
    try:
        found = orjson.loads(await asgi.body(receive) or b"{}")
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise bad_argument({"code": "InvalidJsonBody", "message": "The body of the request is no JSON object."})
    return found


async def _batch(azure: Azure, body: dict[str, Any]) -> dict[str, Any]:
    wanted = body.get("requests")
    if not isinstance(wanted, list) or len(wanted) > _MOST_IN_BATCH:
        message = f"'requests' must be a list of at most {_MOST_IN_BATCH} requests."
        raise bad_argument({"code": "InvalidBatchError", "message": message})
    return {"responses": await asyncio.gather(*(_one(azure, each) for each in wanted))}


async def _one(azure: Azure, wanted: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = wanted.get("body") or {}
    headers = {name.lower(): str(value) for name, value in (wanted.get("headers") or {}).items()}
    path = f"workspaces/{wanted.get('workspace', '')}/query"
    question = _Question(
        path, said.get("query"), said.get("timespan"), said.get("workspaces"), headers.get("prefer", "")
    )
    try:
        status, body = 200, await _answer(azure, question)
    except QueryError as error:
        status, body = error.status, {"error": error.error}
    return {"id": wanted.get("id"), "status": status, "headers": {}, "body": body}


async def _answer(azure: Azure, question: _Question) -> dict[str, Any]:
    query = question.query
    if not isinstance(query, str):
        raise bad_argument({"code": "QueryValidationError", "message": "The body of the request has no text 'query'."})
    now = azure.clock.now()
    start, end = timespan.parse(str(question.timespan) if question.timespan else None, now)
    names = [str(each) for each in question.workspaces] if isinstance(question.workspaces, list) else []
    more = [_workspace(azure, name) for name in names]
    if (found := _WORKSPACE.fullmatch(question.path)) is not None:
        seen, resource, classic = [_workspace(azure, found[1], or_not_found=True), *more], "", False
    elif (found := _RESOURCE.fullmatch(question.path)) is not None:
        seen, resource, classic = _of_resource(azure, f"/{found[1]}")
        seen += more
    else:
        raise path_not_found(f"'/v1/{question.path}'")
    kept = max((float(each.properties.get("retentionInDays") or 30) for each in seen), default=30) * _DAY
    ids = tuple(dict.fromkeys(str(each.properties["customerId"]) for each in seen))
    asked = Range(ids, max(start, now - kept), end, resource, classic)
    wait = _WAIT.search(question.prefer)
    running = Running(min(float(wait[1]), _MOST) if wait else _USUAL)
    return await _run(azure, query, asked, now, running, question.prefer)


async def _run(azure: Azure, query: str, asked: Range, now: float, running: Running, prefer: str) -> dict[str, Any]:
    def work() -> dict[str, Any]:
        if running.over:
            raise timed_out(running.seconds)
        with azure.store.reader() as source:
            answer = kql.run(source, query, asked, now, running)
        return answers.body(
            answer, query, statistics="include-statistics=true" in prefer, render="include-render=true" in prefer
        )

    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL, work)
    except asyncio.CancelledError:  # the server ends; a client that went away is not noticed
        running.end()
        raise unavailable() from None


def _workspace(azure: Azure, name: str, *, or_not_found: bool = False) -> Resource:
    """A Log Analytics workspace by its own id, ARM id or name."""
    if name.lower().startswith("/subscriptions/"):
        found = azure.store.get(name)
        if found is not None and found.type.lower() == LOG_WORKSPACES.lower():
            return found
    for each in azure.store.of_type(LOG_WORKSPACES):
        known = {str(each.properties.get("customerId", "")).lower()} | (set() if or_not_found else {each.name.lower()})
        if name.lower() in known:
            return each
    message = f"no Log Analytics workspace has the id '{name}' (the workspace's own id, 'customerId', not its name)"
    raise path_not_found(message) if or_not_found else semantic("SEM0100", f"Failed to resolve workspace '{name}'")


def _of_resource(azure: Azure, resource_id: str) -> tuple[list[Resource], str, bool]:
    """The workspaces that have rows about a resource, its id where not all of their rows count, whether it is a component."""
    found = azure.store.get(resource_id)
    if found is None:
        raise path_not_found(f"there is no resource '{resource_id}'")
    if found.type.lower() == LOG_WORKSPACES.lower():
        return [found], "", False
    with azure.store.reader() as source:
        ids = set(rows.workspaces_of(source, found.key))
    held = [each for each in azure.store.of_type(LOG_WORKSPACES) if each.properties.get("customerId") in ids]
    return held, found.key, found.type.lower() == COMPONENTS.lower()
