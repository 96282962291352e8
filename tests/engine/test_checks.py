# SPDX-License-Identifier: Apache-2.0
"""What the checks say of machines in good and in bad shape."""

import os
import sys
from pathlib import Path

import pytest

from groundplan_engine import Engine
from groundplan_engine.checks import Check, run_checks, worst


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_good_machine(engine: Engine) -> None:
    """With an engine, everything is in order, and there is nothing to mend."""
    checks = by_name(run_checks(env={**os.environ, "PATH": f"{engine.pulumi.parent}:{os.environ['PATH']}"}))
    assert list(checks) == ["engine", "language host", "Python", "Go", "engine folder"]
    assert checks["engine"].level == "ok"
    assert f"Pulumi {engine.version} at " in checks["engine"].found
    assert checks["language host"].level == "ok"
    assert f"at {sys.executable}, Pulumi SDK 3." in checks["Python"].found
    assert [check.mend for check in checks.values() if check.level == "ok" and check.mend] == []


def test_bare_machine(tmp_path: Path) -> None:
    """Without engine and Go, each says what to do."""
    checks = run_checks(env={"PATH": "", "GROUNDPLAN_ENGINE_CACHE": str(tmp_path / "cache")})
    named = by_name(checks)
    assert worst(checks) == "fail"
    assert named["engine"].level == "fail"
    assert named["engine"].mend == "run `groundplan engine install`"
    assert named["Go"].level == "warn"
    assert "install Go 1.25.8 or newer" in named["Go"].mend
    assert named["Python"].level == "ok"
    assert not (tmp_path / "cache").exists()


def test_old_engine_in_the_way(engine: Engine, tmp_path: Path) -> None:
    """An engine that is passed over is a warning where another one is there."""
    old = tmp_path / "pulumi"
    old.write_text("#!/bin/sh\necho v3.1.0\n")
    old.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{engine.pulumi.parent}:{os.environ['PATH']}"}
    check = by_name(run_checks(env=env))["engine"]
    assert check.level == "warn"
    assert f"not used: {old} is version 3.1.0" in check.found


def test_folder_that_can_not_be_written(tmp_path: Path) -> None:
    """A folder that is none is a failure while there is no engine."""
    (tmp_path / "file").touch()
    env = {"PATH": "", "GROUNDPLAN_ENGINE_CACHE": str(tmp_path / "file" / "cache")}
    check = by_name(run_checks(env=env))["engine folder"]
    assert check.level == "fail"
    assert "GROUNDPLAN_ENGINE_CACHE" in check.mend


@pytest.mark.parametrize(("levels", "expected"), [(["ok"], "ok"), (["ok", "warn"], "warn"), (["fail", "warn"], "fail")])
def test_worst(levels: list[str], expected: str) -> None:
    """The worst level decides."""
    assert worst([Check("thing", level, "") for level in levels]) == expected  # pyright: ignore[reportArgumentType]
