# SPDX-License-Identifier: Apache-2.0
"""The real command line on a project and a state folder of the test's own."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from groundplan_cli.app import app
from groundplan_emulator import process


@dataclass
class Cli:
    """Runs `groundplan` in a folder with a state folder."""

    folder: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The caller's environment, without what would reach the user's own Azure, Pulumi or project."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PULUMI_", "AZURE_", "ARM_", "IDENTITY_", "GROUNDPLAN_SAVED"))
            and name != "PYTHONDONTWRITEBYTECODE"  # users have bytecode
        }
        own = {"GROUNDPLAN_HOME": str(self.home), "PULUMI_HOME": str(self.home / "pulumi-home"), "NO_COLOR": "1"}
        return {**kept, **own, **self.variables, **(extra or {})}

    def command(self, *arguments: str) -> list[str]:
        """The command line of a process."""
        return [sys.executable, "-m", "groundplan_cli", *arguments]

    def start(self, *arguments: str, **extra: str) -> subprocess.Popen[str]:
        """Start it, and let the test go on."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(extra),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str, expect: int = 0, **extra: str) -> Result:
        """Run it to its end, in this process (it starts in a tenth of the time); the exit code must be `expect`."""
        before, given = dict(os.environ), self.environment(extra)
        with contextlib.chdir(self.folder):
            try:
                os.environ.clear()
                os.environ.update(given)
                done = CliRunner().invoke(app, list(arguments), prog_name="groundplan")
            finally:
                os.environ.clear()
                os.environ.update(before)
        assert done.exit_code == expect, f"exit code {done.exit_code}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stdout
        return done

    def shell(self, script: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run a script in sh, as a user would type it."""
        return subprocess.run(
            ["sh", "-eu", "-c", script],
            cwd=self.folder,
            env=self.environment(extra),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def json(self, *arguments: str, expect: int = 0, **extra: str) -> Any:
        """Run it with --json; the parsed answer."""
        return json.loads(self(*arguments, "--json", expect=expect, **extra).stdout)

    def resource_groups(self) -> int:
        """How many resource groups Azure on localhost has."""
        return self.json("local", "status")["resources"].get("microsoft.resources/resourcegroups", 0)


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    """The command line in an empty folder; a server that it starts is stopped."""
    folder = tmp_path / "here"
    folder.mkdir()
    made = Cli(folder, tmp_path / "home")
    yield made
    # a damaged server.json: the test left no server behind
    with contextlib.suppress(process.ProcessError):
        process.stop(made.home / "local")


BASE = """
import pulumi

config = pulumi.Config()
pulumi.ComponentResource("test:index:Thing", "thing")
pulumi.export("contract", config.require("word"))
pulumi.export("password", pulumi.Output.secret("hunter2"))
"""

# a plain token instead of the SDK's class: the program starts in a third of the time
TOP = """
import pulumi


class ResourceGroup(pulumi.CustomResource):
    def __init__(self, logical, name):
        inputs = {"resourceGroupName": name, "location": "westeurope"}
        super().__init__("azure-native:resources:ResourceGroup", logical, inputs, pulumi.ResourceOptions(version="3.29.0"))


base = pulumi.StackReference(f"{pulumi.get_organization()}/base/{pulumi.get_stack()}")
for number in range(pulumi.Config().get_int("groups") or 1):
    ResourceGroup(f"group-{number}", f"rg-{number}")
pulumi.export("word", base.require_output("contract"))
"""


def write_stack(project: Path, folder: str, name: str, program: str, config: str) -> Path:
    """A Pulumi program of a project; its folder."""
    stack = project / "stacks" / folder
    stack.mkdir(parents=True)
    (stack / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
    (stack / "Pulumi.dev.yaml").write_text(config)
    (stack / "__main__.py").write_text(program)
    return stack


@pytest.fixture
def project(cli: Cli) -> Cli:
    """The command line in a project with two stacks: `0-base`, and `1-top`, which reads an output of it."""
    write_stack(cli.folder, "0-base", "base", BASE, "config:\n  base:word: hello\n")
    write_stack(cli.folder, "1-top", "top", TOP, "config:\n  top:groups: 2\n")
    return cli
