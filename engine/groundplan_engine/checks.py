# SPDX-License-Identifier: Apache-2.0
"""What this machine has for running Pulumi, one result per thing, each with how to mend it."""

import os
import platform
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from groundplan_engine.engine import ACCEPTED, BUILT_VERSION, Engine
from groundplan_engine.toolchain import cache, find
from groundplan_engine.toolchain.find import describe_rejected
from groundplan_engine.toolchain.go import NEEDED, dotted, find_go

Level = Literal["ok", "warn", "fail"]

BUILD_SPACE = 3 * 1024**3
"""Bytes that a build takes for a while: 1.6 GB of Go modules, 0.9 GB of Go's build cache, and the engine."""

_START_TIMEOUT = 20.0
"""Seconds that our language host may take to start; it takes half a second."""

_INSTALL = "run `groundplan engine install`"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    """What it is, in a word or two: `engine`, `language host`, `Python`, `Go`, `engine folder`."""
    level: Level
    """`ok`; `warn` where work is possible and something is amiss; `fail` where Pulumi can not run."""
    found: str
    """What is there, with versions and paths."""
    mend: str = ""
    """What to do about it; empty where it is ok."""


def run_checks(*, env: Mapping[str, str] = os.environ) -> list[Check]:
    """Look at the engine, the language host, Python, Go and the engine folder. Changes nothing; takes about 1 s."""
    engine = find(env=env)
    return [
        check_engine(engine, env),
        check_language_host(engine, env),
        check_python(),
        check_go(engine, env),
        check_folder(engine, env),
    ]


def check_engine(engine: Engine | None, env: Mapping[str, str]) -> Check:
    """Look at the engine: there, accepted, and, where we set it up, unchanged since."""
    rejected = describe_rejected(env)
    if engine is None:
        return Check("engine", "fail", rejected or f"no Pulumi {ACCEPTED} on PATH or in {cache.folder(env)}", _INSTALL)
    found = f"Pulumi {engine.version} at {engine.pulumi}"
    if engine.source == "cache" and not cache.checksum_matches(engine):
        home = engine.pulumi.parent.parent
        return Check("engine", "fail", f"{found} is not what was set up", f"remove {home}, then {_INSTALL}")
    if rejected:
        return Check("engine", "warn", f"{found}; not used: {rejected}", "take the other one off PATH, or upgrade it")
    return Check("engine", "ok", found)


def check_language_host(engine: Engine | None, env: Mapping[str, str]) -> Check:
    """Look at the language host: the official one, or ours, which is started once."""
    if engine is not None and engine.language_host is not None:
        return Check("language host", "ok", f"official, at {engine.language_host}")
    try:
        said, error = _start_language_host(env)
    except subprocess.TimeoutExpired:
        said, error = "", f"no answer within {_START_TIMEOUT:.0f} s"
    if said.isdigit():
        return Check("language host", "ok", f"Groundplan's, on {sys.executable}")
    reason = error.strip().splitlines()[-1] if error.strip() else "no reason given"
    return Check("language host", "fail", f"Groundplan's does not start: {reason}", "install Groundplan again")


def _start_language_host(env: Mapping[str, str]) -> tuple[str, str]:
    """Start ours and end it at once; return what it says on both streams: a port, and nothing."""
    # `timeout` of subprocess.run would kill it; asked to end, it shows that it also ends in order.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "groundplan_engine.language_host"],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    ending = threading.Timer(_START_TIMEOUT, process.kill)
    ending.start()
    try:
        said = process.stdout.readline().strip() if process.stdout else ""
        process.terminate()
        _, error = process.communicate(timeout=_START_TIMEOUT)
    finally:
        ending.cancel()
        process.kill()
    return said, error


def check_python() -> Check:
    """Look at the Python that Groundplan runs on, and the Pulumi SDK in it."""
    found = f"Python {platform.python_version()} at {sys.executable}"
    try:
        return Check("Python", "ok", f"{found}, Pulumi SDK {version('pulumi')}")
    except PackageNotFoundError:
        return Check("Python", "fail", f"{found}, without the Pulumi SDK", "install Groundplan again")


def check_go(engine: Engine | None, env: Mapping[str, str]) -> Check:
    """Look at Go, which is needed only where the engine has to be built."""
    go = find_go(env)
    found = f"Go {dotted(go.version)} at {go.executable}" if go else "no Go on PATH"
    if engine is not None:
        return Check("Go", "ok", f"{found} (not needed: the engine is there)")
    if go is not None and go.builds:
        return Check("Go", "ok", found)
    mend = f"install Go {dotted(NEEDED)} or newer (https://go.dev/doc/install), or Pulumi itself"
    return Check("Go", "warn", f"{found}, so that Pulumi {BUILT_VERSION} can not be built here", mend)


def check_folder(engine: Engine | None, env: Mapping[str, str]) -> Check:
    """Look at the engine folder: writable, and room for a build where one is needed."""
    folder = cache.folder(env)
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    found = f"{folder}, {free / 1024**3:.1f} GB free"
    if not os.access(there, os.W_OK | os.X_OK) or not there.is_dir():
        level: Level = "fail" if engine is None else "warn"
        mend = f"make {there} a folder that you can write, or name another folder in GROUNDPLAN_ENGINE_CACHE"
        return Check("engine folder", level, f"{folder} can not be written", mend)
    if engine is None and free < BUILD_SPACE:
        return Check("engine folder", "warn", found, f"free {BUILD_SPACE / 1024**3:.0f} GB for the build of the engine")
    return Check("engine folder", "ok", found)


def worst(checks: list[Check]) -> Level:
    """Return the worst level of a list of checks."""
    found = {check.level for check in checks}
    return "fail" if "fail" in found else "warn" if "warn" in found else "ok"
