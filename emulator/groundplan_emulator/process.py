# SPDX-License-Identifier: Apache-2.0
"""The server as a background process of this machine: start, find and stop it, one per state folder.

Imports neither the server nor any web library, so that asking for a running server costs milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from groundplan_emulator import ports
from groundplan_emulator.control_client import control
from groundplan_emulator.process_errors import FolderError, PortInUseError, ProcessError, StateFileError
from groundplan_emulator.server_record import Server, log_path

__all__ = [
    "FolderError",
    "PortInUseError",
    "ProcessError",
    "Server",
    "StateFileError",
    "control",
    "find",
    "log_path",
    "start",
    "stop",
    "wipe",
]

_MODULE = "groundplan_emulator"
_BIND_ATTEMPTS = 3
_CORRUPT = 3
"""The server's exit code for a state file that it cannot read."""
_LOG_BYTES = 5_000_000
"""A log beyond this size is set aside at the next start; one older log is kept."""


def find(folder: Path) -> Server | None:
    """The running server of a state folder, or None. A stale `server.json` (its process gone, or another by now) is none."""
    path = folder / "server.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        wanted = [field for field in fields(Server) if field.name != "folder"]
        values = {field.name: found[field.name] for field in wanted if field.name in found or field.default is MISSING}
        server = Server(folder=folder, **values)
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise StateFileError(
            f"{path} is damaged ({error!r}): it does not describe a running local Azure; "
            "mend it with: groundplan local reset --yes"
        ) from None
    return server if _is_ours(server.pid, folder) else None


def start(
    folder: Path,
    *,
    http_port: int | None = None,
    https_port: int | None = None,
    clock: str | None = None,
    timeout: float = 30.0,
) -> tuple[Server, bool]:
    """Start the server of a state folder unless it runs; the server, and whether it was started now.

    A port given here is used or refused (`PortInUseError`). Otherwise the port of the last start is taken, or the default, or,
    where someone else has it, any free one, remembered for the next start. `clock` None leaves the clock in its last mode.
    `timeout` in seconds until it must answer.
    """
    _prepare(folder)
    with _lock(folder, timeout):
        running = find(folder)
        if running is not None:
            _refuse_other_ports(running, http_port, https_port)
            return running, False
        for attempt in range(1, _BIND_ATTEMPTS + 1):
            chosen = ports.choose(folder, http_port, https_port)
            try:
                server = _launch(folder, chosen, clock, timeout)
            except PortInUseError:
                # someone took the port between our look and the server's bind
                if attempt == _BIND_ATTEMPTS:
                    raise
                continue
            chosen_ports = {"http": server.http_port, "https": server.https_port, "proxy": server.proxy_port}
            _write(folder / ports.RECORD, chosen_ports)
            return server, True
    raise AssertionError("unreachable")


def stop(folder: Path, *, timeout: float = 10.0) -> bool:
    """Stop the server of a state folder, by force after `timeout` seconds; whether one was running.

    A server whose `server.json` is lost or damaged is found by its command line.
    """
    if not folder.is_dir():
        return False
    with _lock(folder, timeout + 30):
        try:
            server = find(folder)
            pids = [server.pid] if server else _search(folder)
        except StateFileError:
            pids = _search(folder)
        for pid in pids:
            _end_process(pid, folder, timeout)
        if pids:
            (folder / "server.json").unlink(missing_ok=True)
        return bool(pids)


def _search(folder: Path) -> list[int]:
    """Servers of a folder, among all processes of this machine."""
    return [pid for pid in psutil.pids() if _is_ours(pid, folder)]


def _end_process(pid: int, folder: Path, timeout: float) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.terminate()
        try:
            process.wait(timeout)
        except psutil.TimeoutExpired:
            process.kill()
            with contextlib.suppress(psutil.TimeoutExpired):
                process.wait(5)
            if _is_ours(pid, folder):
                raise ProcessError(f"process {pid} does not end, not even by SIGKILL") from None


def wipe(folder: Path) -> None:
    """Forget everything that a stopped server kept, its identity and certificates apart; damaged files go too."""
    for name in ("state.db", "state.db-wal", "state.db-shm", "server.json", ports.RECORD):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "ml", ignore_errors=True)
    identity = folder / "identity.json"
    try:
        json.loads(identity.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except (ValueError, OSError):
        identity.unlink(missing_ok=True)


def _prepare(folder: Path) -> None:
    """Make the folder, private to the user, and see that files can be written in it."""
    probe = folder / f".write-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderError(
            f"cannot write to the folder of local Azure, {folder}: {error.strerror}; "
            "give yourself write permission, or set GROUNDPLAN_HOME to a folder of your own"
        ) from None


@contextmanager
def _lock(folder: Path, timeout: float) -> Generator[None]:
    try:
        with FileLock(folder / "process.lock", timeout=timeout):
            yield
    except Timeout:
        raise ProcessError(
            f"another command has been starting or stopping local Azure for {timeout:.0f} s (lock {folder / 'process.lock'}); "
            "wait for it, then try again"
        ) from None


def _is_ours(pid: int, folder: Path) -> bool:
    """Whether the process lives and is a server of this folder: process ids are used again."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        command = process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied, ValueError, TypeError):
        return False
    return _MODULE in command and str(folder) in command


def _refuse_other_ports(running: Server, http_port: int | None, https_port: int | None) -> None:
    for name, wanted, actual in (("http", http_port, running.http_port), ("https", https_port, running.https_port)):
        if wanted is not None and wanted != actual:
            raise ProcessError(
                f"local Azure runs already with {name} port {actual}, not {wanted}; "
                "stop it first: groundplan local stop"
            )


def _launch(folder: Path, chosen: ports.Ports, clock: str | None, timeout: float) -> Server:
    (folder / "server.json").unlink(missing_ok=True)
    log = log_path(folder)
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    # -P: what lies in the working folder must not take the place of a module
    command = [sys.executable, "-P", "-m", _MODULE, "--state", str(folder)]
    command += ["--https-port", str(chosen.https), "--http-port", str(chosen.http), "--proxy-port", str(chosen.proxy)]
    command += ["--clock", clock] if clock else []
    with log.open("ab") as output:
        position = output.tell()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=folder,
        )
    server = _await(folder, process, timeout)
    if server is not None:
        return server
    code = process.poll()
    if code is None:
        _end(process)
        raise ProcessError(f"local Azure did not answer within {timeout:.0f} s; see {log}")
    raise _failure(folder, _tail(log, position), code)


def _await(folder: Path, process: subprocess.Popen[bytes], timeout: float) -> Server | None:
    """The server once it answers; None when it ended or the time is up."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(ProcessError):
            server = find(folder)
            if server is not None and server.pid == process.pid:
                control(server, "GET", "status", timeout=2.0)
                process.returncode = 0  # it outlives us: nobody is to wait for it when this object goes
                return server
        time.sleep(0.02)
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _failure(folder: Path, said: str, code: int) -> ProcessError:
    last = said.strip().splitlines()[-1] if said.strip() else f"it ended with code {code} and said nothing"
    if "already in use" in last.lower():
        return PortInUseError(f"local Azure could not listen: {last}")
    if code == _CORRUPT or "JSONDecodeError" in last or "sqlite3." in last:
        return StateFileError(
            f"the state of local Azure in {folder} is damaged: {last}; "
            "start over with an empty one: groundplan local reset --yes"
        )
    return ProcessError(f"local Azure stopped while it was starting: {last}; see {log_path(folder)}")


def _tail(path: Path, position: int) -> str:
    with path.open("rb") as file:
        file.seek(position)
        return file.read(64_000).decode("utf-8", "replace")


def _write(path: Path, value: Any) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(value), encoding="utf-8")
    temporary.replace(path)
