# SPDX-License-Identifier: Apache-2.0
"""Three listeners over one application, `server.json` while they answer, and a clean end on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import uvicorn
from filelock import FileLock, Timeout

from groundplan_emulator import __version__, certificates
from groundplan_emulator.app import Azure
from groundplan_emulator.clock import Clock, Mode
from groundplan_emulator.ml import services
from groundplan_emulator.proxy.hosts import Router
from groundplan_emulator.proxy.listener import Proxy
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Store


class StartError(Exception):
    """The server cannot start; the message says why and how to mend it."""


GRACE_SECONDS: Final = 3
"""How long requests have to end after SIGTERM. A client's idle TLS connection would hold the server for 30 s."""


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to `run`, as there are two of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def bind(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1; StartError when the port is taken."""
    # asyncio switches Nagle's algorithm off only where the protocol is named; with it each answer waits 40 ms
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        # at once: until someone listens, two processes may bind the same port
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise StartError(
            f"port {port} on 127.0.0.1 cannot be used ({error.strerror}); stop what listens there or choose another port"
        ) from None
    return listener


def run(
    folder: Path, *, http_port: int, https_port: int, proxy_port: int = 0, mode: Mode | None, page_size: int = 200
) -> None:
    """Serve until SIGTERM or SIGINT. Ports of 0 are chosen by the system; `server.json` names them."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(folder / "server.lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise StartError(f"another server already uses the state folder {folder}; stop it first") from None
    except OSError as error:
        raise StartError(
            f"the state folder {folder} cannot be written ({error.strerror}); choose another one"
        ) from None
    with lock, contextlib.ExitStack() as stack:
        listeners = [
            stack.enter_context(contextlib.closing(bind(port))) for port in (http_port, https_port, proxy_port)
        ]
        http, https, proxy = (listener.getsockname()[1] for listener in listeners)
        settings = Settings(folder, http, https, Identity.load(folder), page_size, proxy)
        store = Store(folder / "state.db")
        (folder / "state.db").chmod(0o600)
        loop_factory = uvicorn.Config("", loop="auto").get_loop_factory()
        with contextlib.closing(store), asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(_serve(Azure(settings, store, _clock(store, mode)), *listeners))


def _clock(store: Store, mode: Mode | None) -> Clock:
    """The clock as it was left, in the mode asked for."""
    saved = store.meta("clock") or {}
    clock = Clock(mode or saved.get("mode", "instant"), skipped=saved.get("skipped", 0.0))
    store.set_meta("clock", {"mode": clock.mode, "skipped": clock.skipped})
    return clock


async def _serve(azure: Azure, http: socket.socket, https: socket.socket, proxy: socket.socket) -> None:
    folder = azure.settings.folder
    options: dict[str, Any] = {"lifespan": "off", "access_log": False, "log_config": None, "server_header": False}
    options["timeout_graceful_shutdown"] = GRACE_SECONDS
    tls = certificates.ensure(folder)
    plain = _Server(uvicorn.Config(azure, **options))
    secure_config = uvicorn.Config(azure, **options)
    secure_config.load()
    secure_config.ssl = tls
    secure = _Server(secure_config)
    servers = (plain, secure)
    public_config = uvicorn.Config(Router(azure), **options)
    public_config.load()

    def end() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    record = folder / "server.json"
    tasks = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, listener in zip(servers, (http, https), strict=True)
    ]
    keeper = asyncio.create_task(azure.keep_time())
    working = asyncio.create_task(services.run(azure))
    proxying = asyncio.create_task(Proxy(azure, public_config, secure.server_state).run(proxy))
    while not all(server.started for server in servers) and not any(task.done() for task in tasks):
        await asyncio.sleep(0.005)
    _announce(record, azure.settings)
    try:
        await asyncio.gather(*tasks)
    finally:
        record.unlink(missing_ok=True)
        keeper.cancel()
        proxying.cancel()
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


def _announce(record: Path, settings: Settings) -> None:
    """Write `server.json` at once or not at all: its presence says that the server answers."""
    content = {
        "pid": os.getpid(),
        "http_port": settings.http_port,
        "https_port": settings.https_port,
        "proxy_port": settings.proxy_port,
        "subscription_id": settings.identity.subscription_id,
        "tenant_id": settings.identity.tenant_id,
        "identity_header": settings.identity.identity_header,
        "version": __version__,
    }
    temporary = record.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
    temporary.replace(record)
