# SPDX-License-Identifier: Apache-2.0
"""Builds the engine from the Go modules that `module/go.mod` and `module/go.sum` pin."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import IO

from groundplan_engine.engine import BUILT_VERSION, Engine, ask_version
from groundplan_engine.errors import EngineNotFound
from groundplan_engine.toolchain import cache
from groundplan_engine.toolchain.go import NEEDED, Go, dotted, go_environment, require_go

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
TIMEOUT = 40 * 60.0
"""Seconds for fetching and compiling together: about 3 minutes on two cores, much more on a slow network."""

_LDFLAGS = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{BUILT_VERSION}"
_STEP = 5  # percent between two lines of progress


def build(progress: Callable[[str], None], env: Mapping[str, str], *, timeout: float = TIMEOUT) -> Engine:
    """Build the pinned engine into the cache.

    Go checks every module against go.sum, so what is built is what was pinned. Raises `EngineNotFound` with the reason
    where there is no usable Go, or the modules can not be had, or the build fails.
    """
    go = require_go(env)
    with cache.workspace(env) as work:
        module = work / "module"
        _write_module(module)
        if go.version < NEEDED:
            progress(f"Go {dotted(go.version)} fetches Go {dotted(NEEDED)} first (GOTOOLCHAIN={go.toolchain})")
        run = _GoRun(go, module, go_environment(env, work), time.monotonic() + timeout)
        packages = _list_packages(run, progress)
        home = work / "home"
        _compile(run, home / "bin" / "pulumi", packages, progress)
        found = ask_version(home / "bin" / "pulumi", env)
        if found != BUILT_VERSION:
            raise EngineNotFound(f"the built engine says {found or 'nothing'}, expected {BUILT_VERSION}")
        return cache.publish(home, BUILT_VERSION, "build", env)


def _write_module(folder: Path) -> None:
    folder.mkdir()
    carried = files("groundplan_engine.toolchain") / "module"
    for name in ("go.mod", "go.sum"):
        (folder / name).write_bytes((carried / name).read_bytes())


def _list_packages(run: "_GoRun", progress: Callable[[str], None]) -> int:
    """Fetch what the build needs and return how many packages it compiles."""
    progress(f"fetching the Go modules of Pulumi {BUILT_VERSION}")
    listing = run.module / "packages.txt"
    fetched = 0
    with listing.open("w") as output:
        for line in run.lines(["list", "-deps", PACKAGE], output):
            fetched += line.startswith("go: downloading")
            if fetched and fetched % 50 == 0:
                progress(f"fetched {fetched} modules")
    run.require_success("the Go modules can not be had")
    return max(1, len(listing.read_text().splitlines()))


def _compile(run: "_GoRun", output: Path, packages: int, progress: Callable[[str], None]) -> None:
    output.parent.mkdir(parents=True)
    shown = -_STEP
    # `go build -v` names each package that it compiles
    lines = run.lines(["build", "-v", "-trimpath", "-ldflags", _LDFLAGS, "-o", str(output), PACKAGE])
    for compiled, _ in enumerate(lines, start=1):
        percent = min(99, compiled * 100 // packages)
        if percent >= shown + _STEP:
            shown = percent - percent % _STEP
            progress(f"building Pulumi {BUILT_VERSION}: {shown} % ({compiled} of {packages} packages)")
    run.require_success("the build failed")
    progress(f"built Pulumi {BUILT_VERSION}")


@dataclass
class _GoRun:
    """Runs `go` in the module's folder, never past the deadline."""

    go: Go
    module: Path
    env: dict[str, str]
    deadline: float
    tail: list[str] = field(default_factory=list[str])
    returncode: int = 0

    def lines(self, arguments: list[str], output: "IO[str] | int" = subprocess.DEVNULL) -> Iterator[str]:
        """Run one command and yield what it says on stderr, line by line."""
        process = subprocess.Popen(
            [self.go.executable, *arguments],
            cwd=self.module,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        timer = threading.Timer(max(0.0, self.deadline - time.monotonic()), _end, [process])
        timer.start()
        try:
            for line in process.stderr or ():
                self.tail = [*self.tail[-19:], line.strip()]
                yield line
            self.returncode = process.wait()
        finally:
            timer.cancel()
            _end(process)  # interrupted: the compilers that `go` started end with it

    def require_success(self, what: str) -> None:
        """Raise `EngineNotFound` with the last words of a command that failed."""
        if self.returncode == 0:
            return
        if time.monotonic() >= self.deadline:
            raise EngineNotFound(f"{what}: not done in {TIMEOUT / 60:.0f} minutes")
        said = [line for line in self.tail if line and not line.startswith("go: downloading")]
        raise EngineNotFound(f"{what}: {'; '.join(said[-3:]) or 'go gave no reason'}")


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
