# SPDX-License-Identifier: Apache-2.0
"""The Go installation of this machine, and whether it can build the engine."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan_engine.errors import EngineNotFound

NEEDED = (1, 25, 8)
"""The `go` line of `module/go.mod`: what the pinned Pulumi modules ask for."""

SWITCHES = (1, 21, 0)
"""The first Go that fetches a newer Go by itself where a module asks for one (GOTOOLCHAIN)."""

_MEND = "install Go {needed} or newer from https://go.dev/doc/install and put it on PATH"


@dataclass(frozen=True)
class Go:
    """A Go installation."""

    executable: Path
    version: tuple[int, int, int]
    toolchain: str
    """What `go env GOTOOLCHAIN` says: `auto`, `local`, or a version."""

    @property
    def builds(self) -> bool:
        """Whether it can build the engine, fetching a newer Go where that is allowed."""
        return self.version >= NEEDED or (self.version >= SWITCHES and self.toolchain != "local")


def dotted(version: tuple[int, ...]) -> str:
    """Write a version with dots."""
    return ".".join(map(str, version))


def find_go(env: Mapping[str, str]) -> Go | None:
    """Return the Go on PATH (or under GOROOT), or None where there is none that answers."""
    executable = shutil.which("go", path=env.get("PATH", ""))
    if executable is None and (root := env.get("GOROOT")):
        executable = shutil.which("go", path=str(Path(root) / "bin"))
    if executable is None:
        return None
    # The version of the installation itself: with GOTOOLCHAIN=auto, `go` answers for the one it would switch to.
    version = _ask(executable, ["version"], {**env, "GOTOOLCHAIN": "local"})
    match = re.search(r"\bgo(\d+)\.(\d+)(?:\.(\d+))?", version)
    if match is None:
        return None
    toolchain = _ask(executable, ["env", "GOTOOLCHAIN"], env).strip() or "local"
    return Go(Path(executable), (int(match[1]), int(match[2]), int(match[3] or 0)), toolchain)


def require_go(env: Mapping[str, str]) -> Go:
    """Return a Go that can build the engine; raises `EngineNotFound` that says what is missing."""
    mend = _MEND.format(needed=dotted(NEEDED))
    go = find_go(env)
    if go is None:
        raise EngineNotFound(f"no Go on PATH; {mend}")
    if not go.builds:
        also = "" if go.version < SWITCHES else ", or let it fetch a newer one: set GOTOOLCHAIN=auto"
        raise EngineNotFound(f"Go {dotted(go.version)} at {go.executable} is too old; {mend}{also}")
    return go


def go_environment(env: Mapping[str, str], work: Path) -> dict[str, str]:
    """Return the environment for `go`: the user's own, without what would steer the build elsewhere."""
    flags = [flag for flag in env.get("GOFLAGS", "").split() if not flag.startswith(("-mod=", "-modfile="))]
    chosen = {
        **env,
        "GOFLAGS": " ".join(flags),
        "GOWORK": "off",
        "CGO_ENABLED": "0",  # as the official builds: no C compiler needed
    }
    for foreign in ("GOOS", "GOARCH"):
        chosen.pop(foreign, None)
    if not env.get("HOME"):  # Go refuses to start without a place for its caches
        chosen.setdefault("GOPATH", str(work / "gopath"))
        chosen.setdefault("GOCACHE", str(work / "gocache"))
    return chosen


def _ask(executable: str, arguments: list[str], env: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            [executable, *arguments],
            env=dict(env),
            cwd=os.sep,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
