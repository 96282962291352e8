# SPDX-License-Identifier: Apache-2.0
"""MLflow's tracking server as a child process: started by the first request, ended with the emulator, one for all workspaces.

It runs in an environment of its own that uv makes once for all emulators of the user. The experiments of a workspace are a workspace of
MLflow's; its name depends on when the workspace was made, so that a new one of the same name starts empty.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from groundplan_emulator.ml import processes
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

if TYPE_CHECKING:
    import httpx

    from groundplan_emulator.app import Azure
    from groundplan_emulator.settings import Settings

log = logging.getLogger("groundplan.emulator")
PACKAGES: Final = (
    "mlflow-skinny==3.17.2",
    "flask==3.1.3",
    "flask-cors==6.0.5",
    "sqlalchemy==2.1.9",
    "alembic==1.20.1",
    "waitress==3.0.2",
)
"""What MLflow's server needs for experiments and runs: a fifth of what all of MLflow brings."""
START_SECONDS: Final = 120.0
_CHILD: Final = Path(__file__).with_name("child.py")
_SAID_LINES: Final = 20


class UnavailableError(Exception):
    """MLflow's server cannot be had; the message says why, for people."""


class Server:
    """The child process of one emulator, and who of the workspaces it knows already."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._lock = asyncio.Lock()
        self._child: processes.Child | None = None
        self._client: httpx.AsyncClient | None = None
        self.ready: dict[str, str] = {}
        """The id of the default experiment of each workspace that was seen since the start, by MLflow's name of it."""
        self.telling = asyncio.Lock()
        """Held while runs of jobs are told: twice at once would be once too often."""

    @property
    def folder(self) -> Path:
        """Where the database is."""
        return database_of(self._azure.settings).parent

    async def client(self) -> httpx.AsyncClient:
        """A client of the running server, which is started where it does not run. Raises `UnavailableError`."""
        async with self._lock:
            if self._client is None or self._child is None or not self._child.running:
                await self._stop()
                await self._start()
            assert self._client is not None  # noqa: S101  (`_start` sets it)
            return self._client

    async def wipe(self) -> None:
        """Forget all that was tracked."""
        async with self._lock:
            await self._stop()
            await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    async def stop(self) -> None:
        """End the child."""
        async with self._lock:
            await self._stop()

    async def _stop(self) -> None:
        client, child, self._client, self._child = self._client, self._child, None, None
        self.ready.clear()
        if client is not None:
            await client.aclose()
        if child is not None:
            await child.stop()

    async def _start(self) -> None:
        import httpx

        from groundplan_emulator.ml import environments

        try:
            interpreter = await environments.prepare(environments.Needs(packages=PACKAGES), (), log.info)
        except environments.UnsolvableError as error:
            raise UnavailableError(
                f"MLflow's tracking server could not be installed: {error} It needs a package index that uv can reach, once."
            ) from None
        await asyncio.to_thread(self.folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        await self._ensure_database(interpreter)
        secret = secrets.token_urlsafe(32)
        env = {**_environment(), "GROUNDPLAN_TRACKING_SECRET": secret}
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        said: list[str] = []

        def heard(_stream: str, line: str) -> None:
            said.append(line)
            del said[:-_SAID_LINES]
            if line.startswith("ready ") and not port.done():
                port.set_result(int(line.removeprefix("ready ")))

        command = [str(interpreter), "-I", str(_CHILD), str(self.folder)]
        self._child = await processes.start(command, cwd=self.folder, env=env, on_line=heard)
        ended = asyncio.create_task(self._child.wait())
        try:
            await asyncio.wait({port, ended}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            if not port.done():
                self._child.kill()
        if not port.done():
            raise UnavailableError(
                f"MLflow's tracking server did not start: {' | '.join(said[-3:]) or 'it said nothing'}"
            )
        self._client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port.result()}",
            headers={"X-Groundplan-Secret": secret},
            trust_env=False,
            timeout=httpx.Timeout(300.0, connect=10.0),
            limits=httpx.Limits(max_connections=64),
        )
        logging.getLogger("httpx").setLevel(logging.WARNING)
        log.info("MLflow's tracking server runs, process %d", self._child.pid)

    async def _ensure_database(self, interpreter: Path) -> None:
        """Copy an empty database, which is made once for each environment."""
        database = database_of(self._azure.settings)
        if database.exists():
            return
        environment = interpreter.parent.parent
        empty = environment.with_name(f"{environment.name}.mlflow.db")
        if not empty.exists():
            made = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="mlflow-", dir=empty.parent))
            said: list[str] = []
            try:
                command = [str(interpreter), "-I", str(_CHILD), "--make", str(made)]
                child = await processes.start(
                    command, cwd=made, env=_environment(), on_line=lambda _, line: said.append(line)
                )
                if await child.wait():
                    raise UnavailableError(f"MLflow's database could not be made: {' | '.join(said[-3:])}")
                (made / "tracking.db").replace(empty)
            finally:
                await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)
        fresh = self.folder / "tracking.db.new"
        await asyncio.to_thread(shutil.copyfile, empty, fresh)
        fresh.replace(database)


_servers: WeakKeyDictionary[Azure, Server] = WeakKeyDictionary()


def of(azure: Azure) -> Server:
    """The server of an emulator, running or not."""
    if azure not in _servers:
        _servers[azure] = Server(azure)
    return _servers[azure]


def database_of(settings: Settings) -> Path:
    """The file in which an emulator's server keeps what was tracked; it is there from the server's first start on."""
    return settings.folder / "ml" / "mlflow" / "tracking.db"


def name_of(workspace: Resource) -> str:
    """MLflow's name of a workspace: another one for one that was made anew under the same id."""
    made = str(workspace.body.get("systemData", {}).get("createdAt", ""))
    return f"w{hashlib.sha256(f'{workspace.key} {made}'.encode()).hexdigest()[:40]}"


def _environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _any_workspace(azure: Azure) -> bool:
    sql = "SELECT 1 FROM resources WHERE type = ? LIMIT 1"
    return azure.store.database.execute(sql, (WORKSPACES.lower(),)).fetchone() is not None


async def run(azure: Azure) -> None:
    """Forget what was tracked as soon as there is no workspace any more (a reset), and end the child with the emulator."""
    server = of(azure)
    try:
        seen = -1
        while True:
            if not _any_workspace(azure) and server.folder.exists():
                await server.wipe()
            seen = await azure.changed(seen)
    finally:
        with contextlib.suppress(Exception):
            await asyncio.shield(server.stop())
