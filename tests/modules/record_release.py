# SPDX-License-Identifier: Apache-2.0
"""Records what the components of a release leave in the state; run by hand when a release is made:

RELEASE=0.3.0 python -m pytest -n 2 --dist worksteal tests/modules/record_release.py
python -m tests.modules.record_release 0.3.0
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.azure import RunningAzure, running
from tests.modules import releases, scenario
from tests.provider.conftest import Stack

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", scenario.index())
def test_record(page: str, tmp_path: Path, stack_on: Callable[[RunningAzure], Stack]) -> None:
    """One page's program, on an Azure with the ids of all recordings."""
    folder = releases.FOLDER / os.environ["RELEASE"]
    program = f"from tests.modules import scenario\n\nscenario.run({page!r})\n"
    releases.prepare(tmp_path / "azure")
    with running(tmp_path / "azure") as azure:
        stack = stack_on(azure)
        stack.write(program)
        stack.env |= {"PYTHONPATH": str(ROOT), **releases.PIP}
        stack.up()
        stack.refresh()
        state = json.loads(stack.pulumi("stack", "export", "--show-secrets"))
    for name, text in ((f"programs/{page}.py", program), (f"states/{page}.json", json.dumps(_lean(state)))):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _lean(state: dict[str, Any]) -> dict[str, Any]:
    """The state without what an import does not need: aliases, and the places in files that declared a resource."""
    for row in state["deployment"]["resources"]:
        for name in ("aliases", "sourcePosition", "stackTrace"):
            row.pop(name, None)
    return state


def pack(version: str) -> None:
    """Put the recorded folder, and the modules that its programs import, into one file."""
    folder = releases.FOLDER / version
    missing = set(scenario.index()) - {path.stem for path in (folder / "states").glob("*.json")}
    if missing:
        raise SystemExit(f"not recorded: {', '.join(sorted(missing))}")
    sources = [*scenario.PAGES.glob("*.md"), *(ROOT / "tests" / "modules").rglob("*.py")]
    with zipfile.ZipFile(releases.FOLDER / f"{version}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
        for path in sorted(sources):
            if folder not in path.parents and not path.name.startswith("test_"):
                archive.write(path, path.relative_to(ROOT))
    shutil.rmtree(folder)


if __name__ == "__main__":
    pack(sys.argv[1])
