# SPDX-License-Identifier: Apache-2.0
"""The azure target without an Azure: logins are checked before anything starts, and nothing of the local target is in sight."""

import os
from pathlib import Path

import pytest

from groundplan_workflows import environment, targets
from groundplan_workflows.project import here
from tests.cli.conftest import Cli

# no identity endpoint, no proxy, and a home without a login of any tool
NOWHERE = {"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"}


def test_without_a_pulumi_login_nothing_starts(project: Cli) -> None:
    """Exit code 7, before Azure is asked for anything."""
    said = project("up", "--yes", "--target", "azure", expect=7, **NOWHERE).stderr

    assert "not logged in to a Pulumi backend" in said
    assert "pulumi login" in said
    assert not (project.home / "local" / "server.json").exists()


def test_without_an_azure_credential_nothing_starts(project: Cli, tmp_path: Path) -> None:
    """The backend is there, the credential is not."""
    backend = tmp_path / "backend"
    backend.mkdir()
    said = project(
        "up", "--yes", "--target", "azure", expect=7, **NOWHERE, PULUMI_BACKEND_URL=f"file://{backend}"
    ).stderr

    assert "no Azure credential" in said
    assert "az login" in said
    assert not list(backend.rglob("*.json"))


def test_the_state_of_the_local_target_is_refused_as_a_backend(project: Cli) -> None:
    """A shell in which the variables of the local target were set by hand."""
    (project.home / "state").mkdir(parents=True)
    said = project(
        "preview", "--target", "azure", expect=7, **NOWHERE, PULUMI_BACKEND_URL=f"file://{project.home}/state"
    ).stderr

    assert "the state of the local target" in said


def test_the_environment_has_nothing_of_the_local_target(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even in a shell in which `groundplan local env` was evaluated, or whose PATH has our provider by accident."""
    monkeypatch.setenv("GROUNDPLAN_HOME", str(cli.home))
    monkeypatch.chdir(cli.folder)
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://mine")
    stray = cli.folder / "stray"
    stray.mkdir()
    (stray / environment.PROVIDER).write_text(f"#!/bin/sh\nexec python -m {environment.PROVIDER_MODULE}\n")
    before = os.environ["PATH"]
    theirs = frozenset(os.environ)  # among them what Microsoft's libraries set in the tests' own process
    monkeypatch.setenv("PATH", f"{stray}:{before}")
    project = here()
    target = targets.prepare_local(project, lambda _: None)
    assert target.server is not None
    for name, value in environment.local_variables(project, target.server, os.environ).items():
        monkeypatch.setenv(name, value)
    saved = environment.Saved(
        dict.fromkeys(environment.local_variables(project, target.server, {})) | {"PULUMI_BACKEND_URL": "s3://mine"},
        environment.local_path(project, []),
    )
    monkeypatch.setenv(environment.SAVED, saved.dump())
    monkeypatch.setenv("PATH", os.pathsep.join([*environment.local_path(project, []), str(stray), before]))
    found = environment.azure_environment([project.engine_bin])

    assert found["PULUMI_BACKEND_URL"] == "s3://mine"
    ours = ("IDENTITY_", "ARM_", "AZURE_", "GROUNDPLAN_SAVED")
    assert not {name for name in found if name.startswith(ours)} - theirs
    assert not any(Path(folder, environment.PROVIDER).exists() for folder in found["PATH"].split(os.pathsep))
    assert found["PATH"].startswith(str(project.engine_bin))


def test_a_damaged_memory_of_the_shell_is_explained(cli: Cli) -> None:
    """The variable that `--unset` reads."""
    said = cli("local", "env", "--unset", expect=2, GROUNDPLAN_SAVED_ENV="{").stderr

    assert "GROUNDPLAN_SAVED_ENV is damaged: '{'" in said
    assert "open a new shell" in said
