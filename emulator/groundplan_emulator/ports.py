# SPDX-License-Identifier: Apache-2.0
"""Ports for the three listeners: those that were asked for, those of the last start, or free ones."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from groundplan_emulator.process_errors import PortInUseError
from groundplan_emulator.server_record import HOST

HTTP_PORT = 18080
HTTPS_PORT = 18443
PROXY_PORT = 18081
RECORD = "ports.json"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of the three listeners."""

    http: int
    https: int
    proxy: int


def choose(folder: Path, http_port: int | None, https_port: int | None) -> Ports:
    """Ports for a start: the given ones, or PortInUseError; else those of the last start or the default, where they are free."""
    last = remembered(folder)
    http = _one(http_port, last.http)
    https = _one(https_port, last.https, http)
    return Ports(http, https, _one(None, last.proxy, http, https))


def taken(folder: Path) -> list[str]:
    """Which of the ports that a start would prefer belong to others, in words."""
    last = remembered(folder)
    return [
        f"port {port} is in use{_holder(port)}" for port in (last.http, last.https, last.proxy) if not is_free(port)
    ]


def _one(given: int | None, preferred: int, *taken: int) -> int:
    if given is not None:
        if given in taken:
            raise PortInUseError(f"port {given} was given for both listeners; give two different ports")
        if not is_free(given):
            raise PortInUseError(f"port {given} is in use{_holder(given)}; stop that process, or give another port")
        return given
    if preferred not in taken and is_free(preferred):
        return preferred
    while (found := any_free()) in taken:
        pass
    return found


def any_free() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def remembered(folder: Path) -> Ports:
    """The ports of the last start of a state folder, or the default ones."""
    try:
        saved = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return Ports(int(saved["http"]), int(saved["https"]), int(saved.get("proxy", PROXY_PORT)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Ports(HTTP_PORT, HTTPS_PORT, PROXY_PORT)


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        # as the server does: a port in TIME_WAIT is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _holder(port: int) -> str:
    """` by python (process 42)`, or nothing where the system does not tell."""
    with contextlib.suppress(psutil.Error, OSError, RuntimeError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""
