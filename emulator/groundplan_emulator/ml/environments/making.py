# SPDX-License-Identifier: Apache-2.0
"""Makes virtual environments with uv, each once: kept in the user's cache folder under the hash of what it was made from.

An environment is made under a temporary name and renamed when it is complete: whatever ends the process leaves nothing half made. Which
index packages come from is the user's own configuration of uv.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import platform
import shutil
import sys
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import Final

import platformdirs
from filelock import FileLock, Timeout

from groundplan_emulator.ml import processes
from groundplan_emulator.ml.environments import surroundings
from groundplan_emulator.ml.environments.needs import Needs, UnsolvableError, name_of
from groundplan_emulator.ml.environments.words import readable

Say = Callable[[str], None]
_SETUPTOOLS: Final = "setuptools<81"
"""What conda puts beside every Python, and older packages count on without a word; later ones have no `pkg_resources`."""
_FORGET_SECONDS: Final = 3600.0
"""How long a version of Python that could not be had is not asked for again."""
_RUNNING: Final = "{}.{}".format(*sys.version_info[:2])


def folder() -> Path:
    """Where environments are kept."""
    return platformdirs.user_cache_path("groundplan") / "environments"


async def prepare(needs: Needs, extra: Sequence[str], say: Say) -> Path:
    """The interpreter of an environment with what is needed and `extra` requirements, made now where it is not there yet.

    A requirement of the needs wins over one of `extra` for the same package. `say` gets what happens, line by line.
    Raises `UnsolvableError`.
    """
    lines = [*needs.packages, *_missing(needs, extra)]
    if needs.left_out:
        say(f"Left out, as no package index of Python has it: {', '.join(needs.left_out)}")
    replaced: list[str] = []
    python = await _python(needs.python, replaced.append)
    for line in replaced:
        say(line)
    key = _key(python, lines)
    kept = folder() / key
    if _interpreter(kept).exists():
        return _interpreter(kept)
    await asyncio.to_thread(kept.parent.mkdir, parents=True, exist_ok=True)
    async with _locked(kept.with_name(f"{key}.lock"), say):
        if not _interpreter(kept).exists():
            try:
                await _make(kept, python, lines, say)
            except UnsolvableError as error:  # perhaps only for the other Python
                raise UnsolvableError("; ".join([*replaced, str(error)])) from None
    return _interpreter(kept)


def _missing(needs: Needs, extra: Sequence[str]) -> list[str]:
    if needs.packages:
        extra = [*extra, _SETUPTOOLS]
    # azureml-defaults brings the scoring server in a version of its own
    known = needs.names | ({"azureml-inference-server-http"} if "azureml-defaults" in needs.names else set())
    known |= {"mlflow-skinny"} if "mlflow" in known else set()
    return [each for each in extra if name_of(each) not in known]


def _key(python: str, lines: Sequence[str]) -> str:
    said = "\n".join((python, _RUNNING, platform.platform(), *sorted(lines)))
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _interpreter(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


async def _make(kept: Path, python: str, lines: Sequence[str], say: Say) -> None:
    for left in kept.parent.glob(f"{kept.name}.*.new"):
        await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)
    await asyncio.to_thread(shutil.rmtree, kept, ignore_errors=True)  # its interpreter has gone
    made = kept.with_name(f"{kept.name}.{uuid.uuid4().hex[:8]}.new")
    started = time.monotonic()
    say(f"Making an environment with Python {python or _RUNNING} and: {', '.join(lines) or 'nothing else'}")
    try:
        await _uv(["venv", "--no-project", "--relocatable", "--python", python or sys.executable, str(made)], say)
        if lines:
            file = made / "requirements.txt"
            file.write_text("".join(f"{line}\n" for line in lines if line != "--pre"), encoding="utf-8")
            early = ["--prerelease", "allow"] if "--pre" in lines else []
            await _uv(["pip", "install", "--python", str(_interpreter(made)), *early, "-r", str(file)], say)
        made.rename(kept)
    finally:
        await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)
    say(f"The environment is ready after {time.monotonic() - started:.1f} s")


async def _python(wanted: str, say: Say) -> str:
    """What uv is asked for: '' for the emulator's own Python, which also stands in where another one cannot be had."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if not wanted:
        return ""
    text = wanted if wanted[0] in "<>!~" else f"=={wanted}" if wanted.count(".") > 1 else f"=={wanted}.*"
    try:
        fits = SpecifierSet(text).contains(platform.python_version())
    except InvalidSpecifier:
        raise UnsolvableError(f"'{wanted}' is no version of Python: write one such as 3.11.") from None
    if fits:
        return ""
    if wanted.startswith(f"{_RUNNING}."):
        say(f"Python {platform.python_version()} stands in for {wanted}")
        return ""
    marker = folder() / f"no-python-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    if not (marker.exists() and time.time() - marker.stat().st_mtime < _FORGET_SECONDS):
        if await _tried(["python", "find", wanted]) or await _tried(["python", "install", wanted]):
            return wanted
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
    say(f"Python {wanted} is not on this machine and could not be downloaded: Python {_RUNNING} is used instead")
    return ""


async def _tried(arguments: Sequence[str]) -> bool:
    try:
        await _uv(arguments, lambda _: None)
    except UnsolvableError:
        return False
    return True


async def _uv(arguments: Sequence[str], say: Say) -> None:
    import uv

    said: list[str] = []

    def heard(_stream: str, line: str) -> None:
        if line.strip():
            said.append(line)
            say(surroundings.without_secrets(line))

    child = await processes.start(
        [uv.find_uv_bin(), *arguments], cwd=Path.home(), env=surroundings.of_uv(), on_line=heard
    )
    try:
        code = await child.wait()
    except asyncio.CancelledError:
        child.kill()
        raise
    if code:
        raise UnsolvableError(surroundings.without_secrets(readable(said)))


@contextlib.asynccontextmanager
async def _locked(path: Path, say: Say) -> AsyncGenerator[None]:
    """Hold a lock among all processes of the user; one that died holds none."""
    lock = FileLock(path)
    told = False
    while True:
        try:
            lock.acquire(blocking=False)
            break
        except Timeout:
            if not told:
                say("Waiting for the same environment, which is being made already")
            told = True
            await asyncio.sleep(0.1)
    try:
        yield
    finally:
        lock.release()
