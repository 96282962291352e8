# SPDX-License-Identifier: Apache-2.0
"""The official download, through the installer of Pulumi's own Automation API."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version as installed_version
from pathlib import Path

from groundplan_engine.engine import Engine, ask_version
from groundplan_engine.errors import EngineNotFound
from groundplan_engine.toolchain import cache

NEVER = "never"
"""The value of `GROUNDPLAN_ENGINE_DOWNLOAD` that skips the download."""

TIMEOUT = 300.0
"""Seconds for the whole download (about 120 MB)."""

# The installer has no timeout of its own: it runs in a process that can be ended, and a silent network ends it early.
_INSTALLER = """
import socket, sys
socket.setdefaulttimeout(10)
try:
    from pulumi.automation import PulumiCommand
    PulumiCommand.install(root=sys.argv[1])
except Exception as error:
    print(str(error).splitlines()[0] if str(error) else type(error).__name__, file=sys.stderr)
    sys.exit(1)
"""


def download(progress: Callable[[str], None], env: Mapping[str, str], *, timeout: float = TIMEOUT) -> Engine:
    """Download the engine that belongs to the installed Pulumi SDK into the cache.

    Raises `EngineNotFound` with the reason where it does not work: no network, a proxy's refusal, a time-out.
    """
    version = installed_version("pulumi")
    progress(f"downloading Pulumi {version}")
    with cache.workspace(env) as work:
        home = work / "home"
        _run_installer(home, env, timeout)
        found = ask_version(home / "bin" / "pulumi", env)
        if found != version:
            raise EngineNotFound(f"the downloaded engine says {found or 'nothing'}, expected {version}")
        return cache.publish(home, version, "download", env)


def _run_installer(home: Path, env: Mapping[str, str], timeout: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _INSTALLER, home],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _, reason = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise EngineNotFound(f"no answer within {timeout:.0f} s") from None
    finally:
        if process.poll() is None:  # the installer starts a shell and curl: end all of them
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode != 0:
        raise EngineNotFound(reason.strip().splitlines()[-1] if reason.strip() else "the installer failed")
