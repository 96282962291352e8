# SPDX-License-Identifier: Apache-2.0
"""The real engine keeps its state in a folder, in a blob container (Azurite) or in a bucket (moto): up, preview, destroy on each."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import pulumi

config = pulumi.Config()
pulumi.export("greeting", f"hello {config.require('who')}")
pulumi.export("token", config.require_secret("token"))
"""


def pulumi(folder: Path, env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        ["pulumi", *arguments, "--non-interactive", "--color", "never"],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def life(folder: Path, env: dict[str, str]) -> None:
    """A stack's life on a backend: made, up, unchanged, read again by a second command, destroyed, removed."""
    (folder / "Pulumi.yaml").write_text("name: backends\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    pulumi(folder, env, "stack", "init", "dev")
    pulumi(folder, env, "config", "set", "who", "platform")
    pulumi(folder, env, "config", "set", "--secret", "token", "s3cr3t-value")

    pulumi(folder, env, "up", "--yes", "--skip-preview")
    preview: dict[str, Any] = json.loads(pulumi(folder, env, "preview", "--json"))
    outputs: dict[str, Any] = json.loads(pulumi(folder, env, "stack", "output", "--json"))
    exported = pulumi(folder, env, "stack", "export")

    assert set(preview["changeSummary"]) == {"same"}
    assert outputs == {"greeting": "hello platform", "token": "[secret]"}
    assert "s3cr3t-value" not in exported
    assert "dev" in pulumi(folder, env, "stack", "ls")

    pulumi(folder, env, "destroy", "--yes", "--skip-preview", "--remove")
    assert "dev" not in pulumi(folder, env, "stack", "ls")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def test_a_folder(project: Path, pulumi_env: dict[str, str]):
    life(project, pulumi_env)


def test_a_blob_container(project: Path, pulumi_env: dict[str, str], azurite: dict[str, str]):
    life(project, {**pulumi_env, **azurite})


def test_a_bucket(project: Path, pulumi_env: dict[str, str], moto_s3: dict[str, str]):
    life(project, {**pulumi_env, **moto_s3})
