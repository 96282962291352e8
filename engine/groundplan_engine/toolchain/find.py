# SPDX-License-Identifier: Apache-2.0
"""Finds an engine that is already on the machine. Changes nothing."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from groundplan_engine.engine import ACCEPTED, Engine, ask_version, is_accepted, language_host_beside
from groundplan_engine.toolchain import cache


def find(*, env: Mapping[str, str] = os.environ) -> Engine | None:
    """Return the first accepted engine: on PATH, then in the cache (newest first), or None.

    `env` gives PATH and `GROUNDPLAN_ENGINE_CACHE`.
    """
    for pulumi in on_path(env):
        if engine := _accept(pulumi, env):
            return engine
    return next(cache.cached(env), None)


def on_path(env: Mapping[str, str]) -> Iterator[Path]:
    """Yield each executable `pulumi` on PATH once, in PATH's order."""
    seen: set[Path] = set()
    for entry in env.get("PATH", "").split(os.pathsep):
        # An empty or relative entry means the working directory: a checkout must not bring its own engine.
        if not Path(entry).is_absolute():
            continue
        pulumi = Path(entry) / "pulumi"
        if pulumi.is_file() and os.access(pulumi, os.X_OK) and (real := pulumi.resolve()) not in seen:
            seen.add(real)
            yield pulumi


def describe_rejected(env: Mapping[str, str]) -> str | None:
    """Say why no `pulumi` on PATH is accepted, or None where there is none."""
    rejected: list[str] = []
    for pulumi in on_path(env):
        version = ask_version(pulumi, env)
        if version is None:
            rejected.append(f"{pulumi} does not answer `pulumi version`")
        elif not is_accepted(version):
            rejected.append(f"{pulumi} is version {version}, accepted is {ACCEPTED}")
    return "; ".join(rejected) or None


def _accept(pulumi: Path, env: Mapping[str, str]) -> Engine | None:
    # What `activate` linked is a cached engine, whose version is written down: no need to start it.
    for engine in cache.cached(env):
        if pulumi.samefile(engine.pulumi):
            return engine
    version = ask_version(pulumi, env)
    if version is None or not is_accepted(version):
        return None
    return Engine(pulumi, version, "path", language_host_beside(pulumi))
