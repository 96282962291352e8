# SPDX-License-Identifier: Apache-2.0
"""Poetry: pyproject.toml and poetry.lock."""

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
from groundplan_engine.language_host.toolchains.uv import project_name

_MISSING = "Install poetry and make sure it is in your PATH, or set the toolchain option in Pulumi.yaml to `pip`."
_REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)\s*(?:\[(?P<extras>[^\]]*)\])?\s*(?P<version>[<>=!~^].*)?$")


class Poetry(Toolchain):
    """Poetry, in the environment that it keeps itself."""

    name = "poetry"

    def __init__(self, options: Options, children: Children) -> None:
        super().__init__(options, children)
        self.poetry = tool("poetry", _MISSING)

    def virtualenv(self) -> Path | None:
        """Return the environment that Poetry names, or None where there is none yet."""
        done = subprocess.run(
            [self.poetry, "env", "info", "--path"],
            cwd=self.options.program,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        path = done.stdout.strip()
        return Path(path) if done.returncode == 0 and path else None

    def python(self) -> Python:
        """Return the environment's Python."""
        folder = self.virtualenv()
        if folder is None or not is_virtualenv(folder):
            raise HostError(f"Poetry has no environment for {self.options.program}; `pulumi install` makes it")
        return in_virtualenv(folder)

    def ensure(self, sink: Sink) -> None:
        """Make the environment where there is none."""
        if self.virtualenv() is None:
            self.install(self.options.program, sink, language_version=False)

    def install(self, folder: Path, sink: Sink, *, language_version: bool) -> None:
        """Turn requirements.txt into a project where needed, and install."""
        pyenv = self.install_python(folder, sink) if language_version else False
        if not search_up(folder, "pyproject.toml"):
            self.prepare(project_name(folder), folder, sink)
        # With pyenv, the active Python counts, not the one that Poetry itself runs on.
        env = inherited(POETRY_VIRTUALENVS_PREFER_ACTIVE_PYTHON="true") if pyenv else None
        self.run("poetry install failed", [self.poetry, "install", "--no-ansi"], sink, cwd=folder, env=env)

    def prepare(self, project: str, folder: Path, sink: Sink) -> None:
        """Make a pyproject.toml, with the dependencies of requirements.txt, which is then removed."""
        if search_up(folder, "pyproject.toml"):
            return
        place = search_up(folder, "requirements.txt")
        requirements = place / "requirements.txt" if place else None
        lines = requirements.read_text().splitlines() if requirements else []
        (place or folder).joinpath("pyproject.toml").write_text(pyproject(project, lines))
        if requirements:
            requirements.unlink()
            say(sink, "Deleted requirements.txt, dependencies for this project are tracked in pyproject.toml")

    def dependencies(self, *, transitive: bool) -> list[Dependency]:
        """Return what poetry.lock holds."""
        folder = search_up(self.options.program, "poetry.lock")
        if folder is None:
            raise HostError(f"could not find poetry.lock in {self.options.program} or above; `pulumi install` makes it")
        return locked(folder, "poetry.lock", transitive=transitive)


def pyproject(project: str, requirements: list[str]) -> str:
    """Write the pyproject.toml of a program from the lines of its requirements.txt."""
    lines = [f'[project]\nname = "{project}"\n'] if project else []
    lines += ['[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n']
    lines += ["[tool.poetry]\npackage-mode = false\n", "[tool.poetry.dependencies]", 'python = "^3.10"']
    for line in requirements:
        text = line.partition("#")[0].strip()
        if not text:
            continue
        match = _REQUIREMENT.match(text)
        if match is None:
            raise HostError(
                f"requirements.txt: {text!r} can not be turned into a Poetry dependency; "
                "write the pyproject.toml by hand, or use the pip toolchain"
            )
        version = (match["version"] or "*").removeprefix("==").strip()
        extras = [f'"{extra.strip()}"' for extra in (match["extras"] or "").split(",") if extra.strip()]
        value = f'{{ version = "{version}", extras = [{", ".join(extras)}] }}' if extras else f'"{version}"'
        lines.append(f"{match['name']} = {value}")
    return "\n".join(lines) + "\n"
