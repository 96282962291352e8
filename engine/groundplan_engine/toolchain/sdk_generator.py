# SPDX-License-Identifier: Apache-2.0
"""Pulumi's own generator of Python SDKs, built on first use from the Go modules that the engine is built from."""

import os
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from groundplan_engine.engine import BUILT_VERSION
from groundplan_engine.errors import EngineError, EngineNotFound
from groundplan_engine.toolchain import cache
from groundplan_engine.toolchain.go import go_environment, require_go

_BUILD_SECONDS = 20 * 60.0
_RUN_SECONDS = 5 * 60.0
_SOURCES = ("go.mod", "go.sum", "sdkgen/main.go")


def generate_python_sdk(schema: str, folder: Path, env: Mapping[str, str]) -> None:
    """Write the SDK of a package into a folder; `schema` is the package's schema as JSON.

    Raises `EngineNotFound` where the generator cannot be built, `EngineError` where it refuses the schema.
    """
    generator = _installed(env)
    with cache.workspace(env) as work:
        given = work / "schema.json"
        given.write_text(schema, encoding="utf-8")
        command = [str(generator), str(given), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_RUN_SECONDS, check=False)
    if done.returncode:
        raise EngineError(f"no SDK can be generated from this schema: {done.stderr.strip()}")


def _installed(env: Mapping[str, str]) -> Path:
    target = cache.folder(env) / f"sdkgen-{BUILT_VERSION}"
    if not os.access(target, os.X_OK):
        _build(target, env)
    return target


def _build(target: Path, env: Mapping[str, str]) -> None:
    go = require_go(env)
    carried = files("groundplan_engine.toolchain") / "module"
    with cache.workspace(env) as work:
        for name in _SOURCES:
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_bytes(carried.joinpath(name).read_bytes())
        command = [str(go.executable), "build", "-trimpath", "-ldflags", "-s -w", "-o", str(work / "made"), "./sdkgen"]
        try:
            done = subprocess.run(
                command,
                cwd=work,
                env=go_environment(env, work),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_BUILD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise EngineNotFound("the SDK generator was not built in 20 minutes") from None
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line and not line.startswith("go: downloading")]
            raise EngineNotFound(f"the SDK generator can not be built: {'; '.join(said[-3:])}")
        (work / "made").replace(target)  # a reader sees all of it or nothing
