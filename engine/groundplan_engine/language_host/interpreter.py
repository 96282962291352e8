# SPDX-License-Identifier: Apache-2.0
"""Which Python runs a program."""

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from groundplan_engine.language_host import probe
from groundplan_engine.language_host.errors import HostError

_PROBE = Path(probe.__file__)


@dataclass(frozen=True)
class Python:
    """An interpreter and the environment that goes with it."""

    executable: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    notice: str = ""
    """What the user should know about the choice; empty where it is the obvious one."""


@dataclass(frozen=True)
class Facts:
    """What an interpreter says about itself."""

    executable: str
    version: str
    path: tuple[str, ...]
    has_pulumi: bool


def is_virtualenv(folder: Path) -> bool:
    """Tell whether a folder holds a virtual environment: a Python in its `bin`."""
    return (folder / "bin" / "python").is_file()


def in_virtualenv(folder: Path) -> Python:
    """Return the interpreter of a virtual environment, in the environment that activating it gives."""
    env = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "VIRTUAL_ENV"}}
    env["PATH"] = os.pathsep.join([str(folder / "bin"), *([env["PATH"]] if env.get("PATH") else [])])
    env["VIRTUAL_ENV"] = str(folder)
    return Python(folder / "bin" / "python", env)


def command_on_path() -> Path | None:
    """Return the Python that the official host would take: `PULUMI_PYTHON_CMD`, or python3, or python, on PATH."""
    chosen = os.environ.get("PULUMI_PYTHON_CMD")
    for name in (chosen,) if chosen else ("python3", "python"):
        if path := shutil.which(name):
            return Path(path)
    if chosen:
        raise HostError(f"PULUMI_PYTHON_CMD names {chosen!r}, which is not on PATH; name another Python, or unset it")
    return None


def ambient(cwd: Path) -> Python:
    """Return the Python on PATH, or our own where that one can not import the Pulumi SDK."""
    found = command_on_path()
    own = Path(sys.executable)
    if found is not None:
        if os.environ.get("PULUMI_PYTHON_CMD"):
            return Python(found)
        # `python3` beside our own `python`: the same environment, which needs no asking.
        if found.parent == own.parent and found.samefile(own):
            return Python(own)
        try:
            if facts(found, cwd).has_pulumi:
                return Python(found)
        except HostError:
            pass  # a Python that does not start is one more that can not import the SDK
    why = f"{found} can not import the Pulumi SDK" if found else "no python3 or python is on PATH"
    return Python(
        own,
        notice=f"{why}; running on {own} (PULUMI_PYTHON_CMD, or the virtualenv option in Pulumi.yaml, names another)",
    )


def facts(python: Path, cwd: Path) -> Facts:
    """Ask an interpreter about itself, once per process. `cwd` matters to shims such as pyenv's."""
    return _own_facts() if python == Path(sys.executable) else _ask(python, cwd)


def required_distributions(python: Path, cwd: Path) -> set[str]:
    """Return the distributions of an interpreter that others in it ask for."""
    answer = _run_probe(python, cwd, "required")
    names = answer.get("required")
    return {str(name) for name in names} if isinstance(names, list) else set()


def _own_facts() -> Facts:
    return Facts(sys.executable, sys.version.split()[0], tuple(entry for entry in sys.path if entry), has_pulumi=True)


@functools.cache
def _ask(python: Path, cwd: Path) -> Facts:
    answer = _run_probe(python, cwd)
    path = answer["path"]
    return Facts(
        str(answer["executable"]),
        str(answer["version"]),
        tuple(str(entry) for entry in path) if isinstance(path, list) else (),
        bool(answer["pulumi"]),
    )


def _run_probe(python: Path, cwd: Path, *arguments: str) -> dict[str, object]:
    try:
        done = subprocess.run(
            [python, _PROBE, *arguments],
            cwd=cwd if cwd.is_dir() else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise HostError(f"the Python at {python} does not run: {str(said).strip().splitlines()[-1]}") from error
