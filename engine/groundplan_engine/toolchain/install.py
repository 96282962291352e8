# SPDX-License-Identifier: Apache-2.0
"""Makes sure that an engine is there: finds it, downloads it, or builds it. Parallel calls share one build."""

import os
from collections.abc import Callable, Mapping

from groundplan_engine.engine import ACCEPTED, BUILT_VERSION, Engine
from groundplan_engine.errors import EngineError, EngineNotFound
from groundplan_engine.toolchain import cache
from groundplan_engine.toolchain.build import build
from groundplan_engine.toolchain.download import NEVER, download
from groundplan_engine.toolchain.find import describe_rejected, find

LOCK_TIMEOUT = 45 * 60.0
"""Seconds that a set-up waits for another one: longer than a build may take."""


def install(*, progress: Callable[[str], None], env: Mapping[str, str] = os.environ) -> Engine:
    """Return an accepted engine, setting one up where there is none.

    `progress` gets one line of text per step. `env` gives PATH, HOME, Go's variables, `GROUNDPLAN_ENGINE_CACHE` and
    `GROUNDPLAN_ENGINE_DOWNLOAD` (`never` goes straight to the build). Raises `EngineNotFound` where every way failed.
    """
    if engine := find(env=env):
        return engine
    rejected = describe_rejected(env)
    if rejected:
        progress(f"not used: {rejected}")
    from filelock import FileLock, Timeout  # needed by a set-up alone

    engines = cache.folder(env)
    try:
        engines.mkdir(parents=True, exist_ok=True)
        lock = FileLock(engines / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress("another set-up is at work on the engine; waiting for it")
            lock.acquire(timeout=LOCK_TIMEOUT)
    except Timeout as error:
        raise EngineError(
            f"another set-up has held {engines / '.lock'} for {LOCK_TIMEOUT / 60:.0f} minutes; end it and try again"
        ) from error
    except OSError as error:
        raise EngineError(cache.unwritable(engines, error)) from error
    try:
        # The set-up that was waited for has left what this one needs.
        return find(env=env) or _set_up(progress, env, rejected)
    finally:
        lock.release()  # not `with lock`: that would take it a second time, and hold it until the process ends


def _set_up(progress: Callable[[str], None], env: Mapping[str, str], rejected: str | None) -> Engine:
    cache.sweep(env)
    tried = [f"on PATH: {rejected or 'no `pulumi`'}", f"in the cache: nothing accepted in {cache.folder(env)}"]
    if env.get("GROUNDPLAN_ENGINE_DOWNLOAD") == NEVER:
        tried.append("download: switched off by GROUNDPLAN_ENGINE_DOWNLOAD=never")
    else:
        try:
            return download(progress, env)
        except EngineNotFound as error:
            progress(f"no download ({error}); building Pulumi {BUILT_VERSION} from Go modules instead")
            tried.append(f"download: {error}")
    try:
        return build(progress, env)
    except EngineNotFound as error:
        tried.append(f"build: {error}")
        raise EngineNotFound(_sum_up(tried), tuple(tried)) from error


def _sum_up(tried: list[str]) -> str:
    ways = "\n".join(f"  - {way}" for way in tried)
    return (
        f"no Pulumi engine ({ACCEPTED}), and none could be set up. Tried, in order:\n{ways}\n"
        "To mend it, do one of these and try again:\n"
        "  - install Pulumi (https://www.pulumi.com/docs/install/) and put it on PATH\n"
        "  - install Go (https://go.dev/doc/install), so that the engine can be built here"
    )
