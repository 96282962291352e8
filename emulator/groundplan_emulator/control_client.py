# SPDX-License-Identifier: Apache-2.0
"""Calls the control API of a running server."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from groundplan_emulator.process_errors import ProcessError, RefusedError
from groundplan_emulator.server_record import Server, log_path

PATH = "/_groundplan/"
IDENTITY_HEADER = "X-IDENTITY-HEADER"


def control(server: Server, method: str, path: str, body: Any = None, *, timeout: float = 10.0) -> Any:
    """Call the server's control API; its JSON answer. ProcessError where it does not answer, RefusedError where it refuses."""
    request = urllib.request.Request(  # noqa: S310  # always http to 127.0.0.1
        server.http + PATH + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={IDENTITY_HEADER: server.identity_header, "Content-Type": "application/json"},
    )
    # never through a proxy of the user's environment: this is our own process on the loopback interface
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        kind = RefusedError if error.code == 400 else ProcessError
        raise kind(_refusal(error)) from None
    except (OSError, TimeoutError) as error:
        raise ProcessError(
            f"local Azure (process {server.pid}, {server.http}) does not answer: {error}; see {log_path(server.folder)}, "
            "or restart it: groundplan local stop && groundplan local start"
        ) from None
    return json.loads(text) if text else None


def _refusal(error: urllib.error.HTTPError) -> str:
    text = error.read().decode("utf-8", "replace")
    try:
        body = json.loads(text)
        return str(body["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"local Azure answered {error.code}: {text[:200]}"
