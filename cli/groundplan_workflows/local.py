# SPDX-License-Identifier: Apache-2.0
"""Azure on localhost: start, stop, look into and steer it, and send a shell's clients to it."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groundplan_emulator import process
from groundplan_emulator.process import Server
from groundplan_emulator.process_errors import RefusedError
from groundplan_workflows import environment
from groundplan_workflows.errors import LocalAzureError, UsageError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from groundplan_workflows.project import Project
    from groundplan_workflows.toolchain import Progress

CLOCKS = ("instant", "realistic", "manual")


@dataclass(frozen=True, slots=True)
class Started:
    """A running server, and whether it was started just now."""

    server: Server
    now: bool


@contextmanager
def _translated() -> Generator[None]:
    """Errors of the process as errors of a workflow."""
    try:
        yield
    except RefusedError as error:
        raise UsageError(str(error)) from None
    except process.ProcessError as error:
        raise LocalAzureError(str(error)) from None


def start(
    project: Project,
    *,
    http_port: int | None = None,
    https_port: int | None = None,
    clock: str | None = None,
    progress: Progress | None = None,
) -> Started:
    """Start Azure on localhost unless it runs. `clock`: one of CLOCKS, or None for the mode that it was left in."""
    for name, port in (("--http-port", http_port), ("--https-port", https_port)):
        if port is not None and not 1 <= port <= 65535:
            raise UsageError(f"{name} is {port}; allowed: 1 to 65535")
    if clock is not None:
        _check_clock(clock)
    with _translated():
        server, now = process.start(project.azure, http_port=http_port, https_port=https_port, clock=clock)
        if clock is not None and not now:
            process.control(server, "POST", "clock", {"mode": clock})
    environment.write_provider(project)
    if now and progress is not None:
        progress(f"started Azure on localhost: {server.https} (http: {server.http}), process {server.pid}")
    return Started(server, now)


def stop(project: Project) -> bool:
    """Stop it; whether it ran."""
    with _translated():
        return process.stop(project.azure)


def running(project: Project) -> Server | None:
    """The running server, if there is one."""
    with _translated():
        return process.find(project.azure)


def need(project: Project) -> Server:
    """The running server; LocalAzureError where there is none."""
    server = running(project)
    if server is None:
        raise LocalAzureError(
            f"Azure on localhost does not run (state: {project.azure}); start it: groundplan local start"
        )
    return server


def status(project: Project) -> dict[str, Any]:
    """What the running server says of itself: resources by type, soft-deleted ids, faults, clock, version, uptime."""
    server = need(project)
    return describe(server) | call(server, "GET", "status")


def describe(server: Server) -> dict[str, Any]:
    """Addresses and ids of a server, without its secrets."""
    return {
        "https": server.https,
        "http": server.http,
        "proxy": server.proxy,
        "pid": server.pid,
        "state": str(server.folder),
        "subscription_id": server.subscription_id,
        "tenant_id": server.tenant_id,
    }


def call(server: Server, method: str, path: str, body: Any = None) -> Any:
    """Call the control API of a server."""
    with _translated():
        return process.control(server, method, path, body)


def reset(project: Project, *, keep_stacks: bool = False) -> list[str]:
    """Empty Azure on localhost, running or not, and the engine's state of the local target; what was done, in words.

    A damaged state is mended by this. `keep_stacks` leaves the engine's state: `groundplan refresh` then sees that all is gone.
    """
    done: list[str] = []
    server = None
    try:
        server = process.find(project.azure)
    except process.StateFileError as error:
        stop(project)
        done.append(f"removed a damaged file: {error}")
    if server is not None:
        call(server, "POST", "reset")
        done.append("emptied Azure on localhost; it keeps running")
    elif project.azure.is_dir():
        process.wipe(project.azure)
        done.append("emptied the state of Azure on localhost; it is not running")
    if not keep_stacks and project.state.is_dir():
        shutil.rmtree(project.state)
        done.append("removed the engine's state of the local target")
    return done or ["there was nothing to reset"]


def log_lines(project: Project, count: int) -> list[str]:
    """The last lines of the server's log."""
    path = _log(project)
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 400 * max(count, 1) - 65536))
        return file.read().decode("utf-8", "replace").splitlines()[-count:] if count else []


def follow_log(project: Project, *, pause: float = 0.2) -> Iterator[str]:
    """New lines of the server's log, until the caller stops."""
    path = _log(project)
    file = path.open(encoding="utf-8", errors="replace")
    try:
        file.seek(0, os.SEEK_END)
        while True:
            line = file.readline()
            if line:
                yield line.rstrip("\n")
                continue
            time.sleep(pause)
            # the log was set aside by a restart
            if path.exists() and path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                file.close()
                file = path.open(encoding="utf-8", errors="replace")
    finally:
        file.close()


def _log(project: Project) -> Path:
    path = process.log_path(project.azure)
    if not path.is_file():
        raise LocalAzureError(f"there is no log yet: {path} is written when Azure on localhost starts")
    return path


def add_fault(project: Project, fault: dict[str, Any]) -> int:
    """Make requests fail or wait, as described by the control API; the number of the fault."""
    return int(call(need(project), "POST", "faults", fault)["id"])


def faults(project: Project) -> Sequence[dict[str, Any]]:
    """The faults in force."""
    answer = call(need(project), "GET", "faults")
    return answer["value"]


def clear_faults(project: Project, number: int | None = None) -> int:
    """Remove one fault, or all; how many there were."""
    path = "faults" if number is None else f"faults/{number}"
    cleared = int(call(need(project), "DELETE", path)["cleared"])
    if number is not None and not cleared:
        raise UsageError(f"there is no fault {number}; see: groundplan local fault list")
    return cleared


def clock(project: Project, mode: str | None, advance: float | None) -> dict[str, Any]:
    """Read the clock, after changing its mode or skipping seconds where asked to."""
    server = need(project)
    if mode is None and advance is None:
        return call(server, "GET", "clock")
    body: dict[str, Any] = {}
    if mode is not None:
        body["mode"] = _check_clock(mode)
    if advance is not None:
        if advance < 0:
            raise UsageError(f"--advance is {advance:g}; the clock only goes forward: 0 or more seconds")
        body["advance"] = advance
    return call(server, "POST", "clock", body)


def _check_clock(mode: str) -> str:
    if mode not in CLOCKS:
        raise UsageError(f"unknown clock mode {mode!r}; allowed: {', '.join(CLOCKS)}")
    return mode
