# SPDX-License-Identifier: Apache-2.0
"""pip, in a virtual environment or in the Python on PATH."""

from pathlib import Path

from groundplan_engine.language_host.children import Sink
from groundplan_engine.language_host.errors import HostError
from groundplan_engine.language_host.interpreter import (
    Python,
    ambient,
    command_on_path,
    facts,
    in_virtualenv,
    is_virtualenv,
    required_distributions,
)
from groundplan_engine.language_host.packages import installed
from groundplan_engine.language_host.toolchains.base import Dependency, Toolchain, say


class Pip(Toolchain):
    """requirements.txt."""

    name = "pip"

    def virtualenv(self) -> Path | None:
        """Return the `virtualenv` option, counted from the project's folder."""
        return self.options.root / self.options.virtualenv if self.options.virtualenv else None

    def python(self) -> Python:
        """Return the environment's Python, or the one on PATH where the option is not set."""
        folder = self.virtualenv()
        if folder is None:
            return ambient(self.options.program)
        if not is_virtualenv(folder):
            raise HostError(_no_virtualenv(self.options.virtualenv, folder))
        return in_virtualenv(folder)

    def ensure(self, sink: Sink) -> None:
        """Make the environment where its folder is missing or empty."""
        folder = self.virtualenv()
        if folder is None or is_virtualenv(folder):
            return
        if folder.exists() and not folder.is_dir():
            raise HostError(f"the 'virtualenv' option in Pulumi.yaml is set to {str(folder)!r}, which is not a folder")
        if not folder.exists() or not any(folder.iterdir()):
            self.install(self.options.program, sink, language_version=False)

    def install(self, folder: Path, sink: Sink, *, language_version: bool) -> None:
        """Make the environment, bring its pip up to date, and install requirements.txt."""
        if language_version:
            self.install_python(folder, sink)
        virtualenv = self.virtualenv()
        if virtualenv is None:
            if not (folder / "requirements.txt").exists():
                return  # nothing asks for a change of the user's own Python
            python = ambient(folder)
        else:
            say(sink, "Creating virtual environment...")
            base = command_on_path() or ambient(folder).executable
            self.run("creating virtual environment", [base, "-m", "venv", virtualenv], sink, cwd=folder)
            say(sink, "Finished creating virtual environment")
            python = in_virtualenv(virtualenv)
        pip = [python.executable, "-m", "pip", "install"]
        say(sink, "Updating pip, setuptools, and wheel in virtual environment...")
        updated = [*pip, "--upgrade", "pip", "setuptools", "wheel"]
        self.run("updating pip, setuptools, and wheel", updated, sink, cwd=folder, env=python.env)
        say(sink, "Finished updating")
        if not (folder / "requirements.txt").exists():
            return
        say(sink, "Installing dependencies in virtual environment...")
        self.run("installing dependencies", [*pip, "-r", "requirements.txt"], sink, cwd=folder, env=python.env)
        say(sink, "Finished installing dependencies")

    def prepare(self, project: str, folder: Path, sink: Sink) -> None:
        """Do nothing: requirements.txt is what pip works with."""

    def dependencies(self, *, transitive: bool) -> list[Dependency]:
        """Return what is installed; the direct ones are those that nothing else installed asks for."""
        python = self.python().executable
        found = [
            (distribution.name, distribution.version) for distribution in installed(facts(python, self.options.program))
        ]
        if transitive:
            return found
        required = required_distributions(python, self.options.program)
        return [dependency for dependency in found if dependency[0] not in required]


def _no_virtualenv(option: str, folder: Path) -> str:
    problem = "doesn't appear to be a virtual environment" if folder.exists() else "doesn't exist"
    python = folder / "bin" / "python"
    return (
        f"The 'virtualenv' option in Pulumi.yaml is set to {option!r}, but {str(folder)!r} {problem}; "
        "run the following commands to create the virtual environment and install dependencies into it:\n\n"
        f"    1. python3 -m venv {folder}\n"
        f"    2. {python} -m pip install --upgrade pip setuptools wheel\n"
        f"    3. {python} -m pip install -r requirements.txt\n\n"
        "or let `pulumi install` do all of it."
    )
