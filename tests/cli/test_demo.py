# SPDX-License-Identifier: Apache-2.0
"""`groundplan demo`: the whole way, on the real stacks."""

import re
import shutil
from pathlib import Path

import pytest

from groundplan_workflows import demo as workflow
from tests.cli.conftest import Cli

ROOT = Path(__file__).parents[2]
STEPS = [
    "engine and Azure on localhost",
    "up",
    "up again",
    "preview of one changed setting",
    "Microsoft's azure-ai-ml",
    "a model behind an endpoint",
    "destroy",
    "up under the same names",
    "destroy again",
]


@pytest.fixture
def demo(cli: Cli) -> Cli:
    """A copy of the project's stacks."""
    shutil.copytree(ROOT / "stacks", cli.folder / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    return cli


@pytest.mark.timeout(600)
def test_every_expectation_is_met_and_nothing_of_the_user_is_touched(demo: Cli) -> None:
    """Both stacks up, no change, one change, the SDK, down, up, down."""
    before = {path: path.read_bytes() for path in (demo.folder / "stacks").rglob("*") if path.is_file()}
    found = demo.json("demo")

    assert [step["name"] for step in found["steps"]] == STEPS
    assert all(step["ok"] for step in found["steps"])
    assert before == {path: path.read_bytes() for path in (demo.folder / "stacks").rglob("*") if path.is_file()}
    assert not (demo.home / "local").exists()
    assert not (demo.home / "state").exists()


def test_a_failed_expectation_is_told_with_what_was_expected(demo: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first failure ends it; the temporary project stays for a look."""
    monkeypatch.setattr(workflow, "LEAST_RESOURCES", 1000)
    done = demo("demo", expect=4)

    assert re.search(r"expected 1000 resources or more created, found \d+ created in 2 stacks", done.stdout)
    kept = Path(next(line for line in done.stdout.splitlines() if line.startswith("kept for")).rpartition(": ")[2])
    assert list((kept / ".groundplan" / "logs").glob("*-up-0-foundation.log"))
    assert not (kept / ".groundplan" / "local" / "server.json").exists()
    shutil.rmtree(kept)
