# SPDX-License-Identifier: Apache-2.0
"""uv: pyproject.toml and uv.lock."""

import re
import subprocess
from pathlib import Path

from groundplan_engine.language_host.children import Children, Sink
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.interpreter import Python, in_virtualenv, is_virtualenv
from groundplan_engine.language_host.options import Options
from groundplan_engine.language_host.toolchains.base import (
    Dependency,
    Toolchain,
    inherited,
    locked,
    say,
    search_up,
    tool,
)

MINIMUM = (0, 4, 26)
"""The oldest uv that the official host works with."""

_BARE = (0, 6, 0)
"""The first uv whose `init --bare` leaves no sample program behind."""

_NO_WORKSPACE = (0, 8, 0)
"""The first uv that would take packages in sub-folders for members of a workspace, and can be told not to."""


class Uv(Toolchain):
    """uv, in the environment that it keeps beside uv.lock or pyproject.toml."""

    name = "uv"

    def __init__(self, options: Options, children: Children) -> None:
        super().__init__(options, children)
        self.uv = tool("uv", "Install uv and make sure it is in your PATH.")
        self.version = self._version()

    def virtualenv(self) -> Path:
        """Return the `virtualenv` option, or `.venv` beside the nearest uv.lock or pyproject.toml."""
        if self.options.virtualenv:
            return self.options.root / self.options.virtualenv
        program = self.options.program
        return (search_up(program, "uv.lock") or search_up(program, "pyproject.toml") or program) / ".venv"

    def python(self) -> Python:
        """Return the environment's Python, after a sync that leaves extra packages alone (as `uv run` does)."""
        if search_up(self.options.program, "pyproject.toml"):
            said: list[bytes] = []
            try:
                self._run("preparing the environment", ["sync", "--inexact"], lambda _, chunk: said.append(chunk))
            except HostError as error:
                raise HostError(f"{error}\n{b''.join(said).decode(errors='replace')}") from error
        if not is_virtualenv(self.virtualenv()):
            raise HostError(f"'{self.virtualenv()}' is not a virtualenv; `pulumi install` makes it")
        return in_virtualenv(self.virtualenv())

    def ensure(self, sink: Sink) -> None:
        """Make the environment; `python` fills it."""
        if not is_virtualenv(self.virtualenv()):
            command = ["venv", "--quiet", "--allow-existing", str(self.virtualenv())]
            self._run("error creating virtual environment", command, sink)

    def install(self, folder: Path, sink: Sink, *, language_version: bool) -> None:
        """Turn requirements.txt into a project where needed, and sync."""
        if language_version:
            self.install_python(folder, sink)
        if not (search_up(folder, "uv.lock") or search_up(folder, "pyproject.toml")):
            self.prepare(project_name(folder), folder, sink)
        self._run("error installing dependencies", ["sync"], sink, folder)

    def prepare(self, project: str, folder: Path, sink: Sink) -> None:
        """Make a pyproject.toml, with the dependencies of requirements.txt, which is then removed."""
        if search_up(folder, "pyproject.toml"):
            return
        place = search_up(folder, "requirements.txt")
        bare = self.version >= _BARE
        init = ["init", "--bare" if bare else "--no-readme", "--no-package", "--no-pin-python"]
        named = ["--name", project] if project else []
        self._run("error initializing python project", [*init, *named], sink, place or folder)
        if place is not None:
            requirements = place / "requirements.txt"
            add = ["add", "--no-sync", "-r", str(requirements)]
            if self.version >= _NO_WORKSPACE:
                add.append("--no-workspace")
            self._run("error installing dependencies from requirements.txt", add, sink, folder)
            requirements.unlink()
            say(sink, "Deleted requirements.txt, dependencies for this project are tracked in pyproject.toml")
        if not bare:
            (folder / "hello.py").unlink(missing_ok=True)

    def dependencies(self, *, transitive: bool) -> list[Dependency]:
        """Return what uv.lock holds."""
        folder = search_up(self.options.program, "uv.lock")
        if folder is None:
            raise HostError(f"could not find uv.lock in {self.options.program} or above; `pulumi install` writes it")
        return locked(folder, "uv.lock", transitive=transitive)

    def _run(self, what: str, arguments: list[str], sink: Sink, cwd: Path | None = None) -> None:
        env = inherited(UV_PROJECT_ENVIRONMENT=str(self.virtualenv()))
        env.pop("VIRTUAL_ENV", None)  # uv warns where it names another environment
        self.run(what, [self.uv, *arguments], sink, cwd=cwd or self.options.program, env=env)

    def _version(self) -> tuple[int, int, int]:
        said = subprocess.run(
            [self.uv, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
        ).stdout
        match = re.search(r"uv (\d+)\.(\d+)(?:\.(\d+))?", said)
        if match is None:
            raise HostError(f"unexpected output from `uv --version`: {said!r}")
        version = (int(match[1]), int(match[2]), int(match[3] or 0))
        if version < MINIMUM:
            needed = ".".join(map(str, MINIMUM))
            raise HostError(f"uv version {said.strip()} is less than the minimum required version {needed}")
        return version


def project_name(folder: Path) -> str:
    """Return the name in a folder's Pulumi.yaml, or nothing."""
    try:
        text = (folder / "Pulumi.yaml").read_text()
    except OSError:
        return ""
    match = re.search(r"""^name:\s*["']?([A-Za-z0-9._-]+)""", text, re.MULTILINE)
    return match[1] if match else ""
