# SPDX-License-Identifier: Apache-2.0
"""Stacks, blueprints, templates and packs are there however Groundplan was installed."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import groundplan_templates
from groundplan_policies import packs

ROOT = Path(__file__).parents[2]


def listing(folder: Path) -> list[str]:
    """Files below a folder that belong to it."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def test_a_checkout_has_them_where_they_are_written() -> None:
    """No copy that could differ."""
    assert groundplan_templates.stacks() == ROOT / "stacks"
    assert "centralized.yaml" in listing(groundplan_templates.blueprints())


@pytest.mark.timeout(120)
def test_a_wheel_carries_them(tmp_path: Path) -> None:
    """The same files as in the checkout, found by the package in the wheel."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=100,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    found = subprocess.run(
        [sys.executable, "-S", "-c", "import groundplan_templates as t; print(t.stacks()); print(t.blueprints())"],
        env={"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.splitlines()

    assert found == [
        str(installed / "groundplan_templates" / "stacks"),
        str(installed / "groundplan_templates" / "blueprints"),
    ]
    assert listing(Path(found[0])) == listing(ROOT / "stacks")
    assert listing(Path(found[1])) == listing(groundplan_templates.blueprints())
    for name in packs.NAMES:
        assert listing(installed / "groundplan_policies" / "packs" / name) == listing(ROOT / "policies" / name)
    assert listing(installed / "groundplan_policies" / "rules") == listing(
        ROOT / "policies" / "groundplan_policies" / "rules"
    )
