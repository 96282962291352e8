# SPDX-License-Identifier: Apache-2.0
"""The folder of engines that this project set up: one sub-folder per version, shared by every checkout of a user.

Layout: `<folder>/<version>/bin/pulumi` and, written last, `<folder>/<version>/engine.json`.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from groundplan_engine.engine import Engine, Source, is_accepted, language_host_beside, parse_version
from groundplan_engine.errors import EngineError

MANIFEST = "engine.json"
_WORK = ".work-"


def folder(env: Mapping[str, str]) -> Path:
    """Return the engine folder: `GROUNDPLAN_ENGINE_CACHE`, or `groundplan/engine` in the user's cache folder."""
    if chosen := env.get("GROUNDPLAN_ENGINE_CACHE"):
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_cache_path  # not needed where the variable is set

    return user_cache_path("groundplan", appauthor=False) / "engine"


def cached(env: Mapping[str, str]) -> Iterator[Engine]:
    """Yield the accepted engines of the cache, newest first. Broken entries are passed over."""
    try:
        homes = [home for home in folder(env).iterdir() if is_accepted(home.name)]
    except OSError:
        return
    for home in sorted(homes, key=lambda home: parse_version(home.name) or (0, 0, 0), reverse=True):
        if engine := read(home):
            yield engine


def read(home: Path, source: Source = "cache") -> Engine | None:
    """Return the engine in a cache entry, or None where the entry is incomplete or was tampered with in size."""
    pulumi = home / "bin" / "pulumi"
    try:
        manifest = json.loads((home / MANIFEST).read_text())
        whole = manifest["version"] == home.name and manifest["size"] == pulumi.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not whole or not os.access(pulumi, os.X_OK):
        return None
    return Engine(pulumi, home.name, source, language_host_beside(pulumi))


def checksum_matches(engine: Engine) -> bool:
    """Compare a cached engine with the SHA-256 that was noted when it was set up."""
    try:
        manifest = json.loads((engine.pulumi.parent.parent / MANIFEST).read_text())
        return manifest["sha256"] == sha256(engine.pulumi)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def workspace(env: Mapping[str, str]) -> Generator[Path]:
    """Give an empty folder on the cache's own file system, and remove it at the end."""
    engines = folder(env)
    try:
        engines.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=engines))
    except OSError as error:
        raise EngineError(unwritable(engines, error)) from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def sweep(env: Mapping[str, str]) -> None:
    """Remove what set-ups left that were killed. The caller holds the lock, so none of them is at work."""
    for left in folder(env).glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)


def unwritable(engines: Path, error: OSError) -> str:
    """Say that the engine folder can not be written, and what to do about it."""
    return (
        f"the engine folder {engines} can not be written: {error.strerror or error}; "
        "make it writable, or name another folder in GROUNDPLAN_ENGINE_CACHE"
    )


def publish(home: Path, version: str, source: Source, env: Mapping[str, str]) -> Engine:
    """Move a finished `home` (with `bin/pulumi` in it) into the cache in one step and return the engine.

    The caller has checked that the engine runs. A reader sees the whole entry or none of it.
    """
    pulumi = home / "bin" / "pulumi"
    manifest = {"version": version, "source": source, "size": pulumi.stat().st_size, "sha256": sha256(pulumi)}
    (home / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    target = folder(env) / version
    try:
        if target.exists():  # a broken entry: `cached` passed over it, or this would not run
            target.rename(home.parent / "broken")
        home.rename(target)
    except OSError as error:
        raise EngineError(unwritable(target.parent, error)) from error
    engine = read(target, source)
    if engine is None:
        raise EngineError(f"the engine in {target} changed while it was set up; remove that folder and try again")
    return engine
