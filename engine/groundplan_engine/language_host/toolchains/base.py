# SPDX-License-Identifier: Apache-2.0
"""What every toolchain offers, and what they share."""

import os
import re
import shutil
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from groundplan_engine.language_host.children import Children, Command, Sink
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.interpreter import Python
from groundplan_engine.language_host.options import Options

Dependency = tuple[str, str]
"""Name (normalised) and version."""


class Toolchain(ABC):
    """Manages the dependencies of one project."""

    name: str

    def __init__(self, options: Options, children: Children) -> None:
        self.options = options
        self.children = children

    @abstractmethod
    def python(self) -> Python:
        """Return the Python that runs the program. Raises `HostError` where the environment is missing."""

    @abstractmethod
    def ensure(self, sink: Sink) -> None:
        """Make the environment, with the dependencies in it, where it does not exist yet."""

    @abstractmethod
    def install(self, folder: Path, sink: Sink, *, language_version: bool) -> None:
        """Install the dependencies of the project in `folder`; with `language_version`, its Python too (pyenv)."""

    @abstractmethod
    def prepare(self, project: str, folder: Path, sink: Sink) -> None:
        """Turn a template's requirements.txt into what this toolchain works with. Does nothing to a set-up project."""

    @abstractmethod
    def dependencies(self, *, transitive: bool) -> list[Dependency]:
        """Return the installed or locked dependencies; without `transitive`, the direct ones alone."""

    def virtualenv(self) -> Path | None:
        """Return the folder of the virtual environment, or None for the Python on PATH."""
        return None

    def run(self, what: str, command: Command, sink: Sink, *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        """Run a tool and show what it says. Raises `HostError` that begins with `what` where it fails."""
        words = " ".join(map(str, command))
        try:
            code = self.children.stream(self.children.start("tool", command, cwd=cwd, env=env, piped=True), sink)
        except OSError as error:
            raise HostError(f"{what}: `{words}` does not start: {error.strerror or error}") from error
        if code != 0:
            raise HostError(f"{what}: `{words}` ended with exit status {code}")

    def install_python(self, folder: Path, sink: Sink) -> bool:
        """Install the Python that a .python-version file names, where pyenv is there to do it; tell whether it is."""
        version_file = search_up(folder, ".python-version")
        pyenv = shutil.which("pyenv")
        if version_file is None or pyenv is None:
            return False
        say(sink, f"Installing python version from .python-version file at {version_file / '.python-version'}")
        self.run("installing Python", [pyenv, "install", "--skip-existing"], sink, cwd=folder)
        return True


def say(sink: Sink, text: str) -> None:
    """Show a line of our own among a tool's."""
    sink("stdout", f"{text}\n".encode())


def search_up(folder: Path, name: str) -> Path | None:
    """Return the nearest folder that holds a file called `name`, from `folder` upwards."""
    return next((place for place in (folder, *folder.parents) if (place / name).exists()), None)


def normalize(name: str) -> str:
    """Normalise a distribution's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(folder: Path, lock: str, *, transitive: bool) -> list[Dependency]:
    """Return the dependencies of a uv.lock or poetry.lock; the direct ones are those that pyproject.toml names."""
    packages = _load(folder / lock).get("package", [])
    found = [
        (normalize(str(package["name"])), str(package.get("version", "")))
        for package in (packages if isinstance(packages, list) else [])
        # `virtual` is the project itself and its workspace: not packages that anybody installs
        if isinstance(package, dict) and "virtual" not in package.get("source", {})
    ]
    if transitive:
        return sorted(found)
    direct = _direct(_load(folder / "pyproject.toml"))
    return sorted(dependency for dependency in found if dependency[0] in direct)


def _direct(pyproject: dict[str, object]) -> set[str]:
    lists: list[object] = []
    project = _table(pyproject, "project")
    lists.append(project.get("dependencies", []))
    lists.extend(_table(pyproject, "dependency-groups").values())
    names = {
        normalize(match[0])
        for entries in lists
        if isinstance(entries, list)
        for entry in entries
        if isinstance(entry, str) and (match := re.match(r"[A-Za-z0-9._-]+", entry))
    }
    poetry = _table(_table(pyproject, "tool"), "poetry")
    tables = [poetry, *(_table(_table(poetry, "group"), group) for group in _table(poetry, "group"))]
    return names | {normalize(name) for table in tables for name in _table(table, "dependencies")}


def _table(of: Mapping[str, object], name: str) -> dict[str, object]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def _load(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise HostError(f"{path} can not be read: {error}") from error


def tool(name: str, mend: str) -> Path:
    """Return a tool on PATH; raises `HostError` that says how to get it."""
    found = shutil.which(name)
    if found is None:
        raise HostError(f"Could not find `{name}` executable.\n{mend}")
    return Path(found)


def inherited(**changes: str) -> dict[str, str]:
    """Return our environment with changes."""
    return {**os.environ, **changes}
