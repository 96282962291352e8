# SPDX-License-Identifier: Apache-2.0
"""Which hosts are Azure's, and where the emulator answers for each: a service that has hosts of its own is a path here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson
from starlette.types import Receive, Scope, Send

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

SUFFIXES: Final = (
    "azure.com",
    "azure.net",
    "azurecr.io",
    "azureml.ms",
    "azureml.net",
    "applicationinsights.io",
    "graph.microsoft.com",
    "loganalytics.io",
    "microsoftonline.com",
    "windows.net",
)
"""Domains of Azure's services: a host in one of them never leaves this machine."""
TOOLS: Final = ("dev.azure.com", "portal.azure.com", "shell.azure.com")
"""Hosts in these domains that people and package managers use: pipelines, package feeds, the portal."""

Place = Callable[[re.Match[str]], str]
_SERVED: Final[tuple[tuple[re.Pattern[str], Place], ...]] = tuple(
    (re.compile(pattern), place)
    for pattern, place in (
        (r"management\.(azure\.com|core\.windows\.net)", lambda _: ""),
        (r"login\.(microsoftonline\.com|windows\.net)|sts\.windows\.net", lambda _: ""),
        (r"[^.]+\.api\.azureml\.ms|(cert-)?[^.]+\.experiments\.azureml\.net", lambda _: ""),
        (r"(?P<account>[^.]+)\.blob\.core\.windows\.net", lambda match: f"/{match[0]}"),
        (r"(?P<vault>[^.]+)\.vault\.azure\.net", lambda match: f"/vault/{match['vault']}"),
        (
            r"(?P<name>[^.]+\.[^.]+)\.batch\.inference\.ml\.azure\.com",
            lambda m: f"/{m['name']}.batch.inference.ml.core.local",
        ),
        (r"[^.]+\.[^.]+\.inference\.ml\.azure\.com", lambda match: f"/{match[0]}"),
        (r"[^.]+\.metrics\.monitor\.azure\.com", lambda match: f"/{match[0]}"),
        (r"api\.loganalytics\.(io|azure\.com)", lambda _: ""),
    )
)


def is_azure(host: str) -> bool:
    """Whether a host is one of Azure's services."""
    return _within(host.lower(), SUFFIXES) and not _within(host.lower(), TOOLS)


def _within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def place_of(host: str) -> str | None:
    """What goes before the path of a request to a host, '' for nothing; None where the service is not emulated."""
    for pattern, place in _SERVED:
        if (match := pattern.fullmatch(host.lower())) is not None:
            return place(match)
    return None


class Router:
    """The emulator for requests that name a public host: the path says afterwards what the host said."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry point."""
        if scope["type"] != "http":
            return
        given = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        host = given.partition(":")[0]
        before = place_of(host)
        if before is None:
            await _refuse(send, host)
            return
        raw = scope.get("raw_path") or quote(scope["path"]).encode("latin-1")
        moved = {**scope, "path": f"{before}{scope['path']}", "raw_path": before.encode("latin-1") + raw}
        await self._azure(moved, receive, send)


async def _refuse(send: Send, host: str) -> None:
    message = (
        f"The local Azure does not serve '{host}', and the real one is not asked; unset HTTPS_PROXY to reach it,"
        ' with: eval "$(groundplan local env --unset)".'
    )
    content = orjson.dumps({"error": {"code": "HostNotEmulated", "message": message}})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 501, "headers": headers})
    body: dict[str, Any] = {"type": "http.response.body", "body": content}
    await send(body)
