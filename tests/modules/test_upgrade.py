# SPDX-License-Identifier: Apache-2.0
"""State that an earlier release wrote previews with nothing replaced, deleted or created."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.azure import RunningAzure, running
from tests.modules import releases
from tests.provider.conftest import Stack

ASKING = {"device-provisioning"}
"""Programs that ask their resources for keys, in a preview as well: for these the resources must be there."""


@pytest.mark.parametrize(("version", "name"), releases.recorded())
def test_nothing_is_replaced(
    version: str, name: str, tmp_path: Path, stack_on: Callable[[RunningAzure], Stack]
) -> None:
    """The release's program, run with the components of today on the release's state."""
    files = tmp_path / "release"
    releases.unpack(version, files)
    releases.prepare(tmp_path / "azure")
    with running(tmp_path / "azure") as azure:
        stack = stack_on(azure)
        stack.env |= {"PYTHONPATH": str(files), **releases.PIP}
        stack.write((files / "programs" / f"{name}.py").read_text(encoding="utf-8"))
        if name in ASKING:
            stack.up()
        stack.pulumi("stack", "import", "--file", str(files / "states" / f"{name}.json"))

        said = stack.pulumi("preview", "--json")

    planned = json.loads(said[said.index("{") :])
    changes = {step["urn"]: step["op"] for step in planned["steps"] if step["op"] not in ("same", "update")}
    assert changes == {}, f"{name} of {version}"
    kept = [row for row in releases.states(version)[name] if not row["type"].startswith("pulumi:providers:")]
    assert sum(planned["changeSummary"].values()) == len(kept), "every recorded resource is still declared"
