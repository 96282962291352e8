# SPDX-License-Identifier: Apache-2.0
"""docs/local-serving.md: its code runs, its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundplan_emulator import control
from groundplan_emulator.ml import scoring
from groundplan_emulator.ml.scoring import settings
from groundplan_emulator.types.machine_learning_services import online_deployments, quotas

from .conftest import Serving

PAGE = (Path(__file__).parents[4] / "docs" / "local-serving.md").read_text()


@pytest.mark.azure_spec
def test_the_code_of_the_page_runs(
    serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    exec(compile(code, "docs/local-serving.md", "exec"), {"ml": serving.ml, "endpoint": serving.endpoint("page-ep")})  # noqa: S102

    printed = capsys.readouterr().out
    assert "[2.5, 5.0]" in printed
    assert "UserContainerStart: Succeeded" in printed


def test_the_table_of_settings_is_complete():
    said = dict(re.findall(r"^\| `(\w+)` \| .* \| (\d+) \|$", PAGE, re.MULTILINE))

    ours = {
        settings.PROCESSES: settings.MOST_PROCESSES,
        settings.MEMORY: settings.MOST_MEMORY,
        settings.SHARED: 0,
        quotas.CORES_SETTING: quotas.CORES,
    }
    assert {name: int(said[name]) for name in ours} == ours
    assert set(said) <= set(control.SETTINGS)


def test_every_code_of_the_page_is_one_that_is_answered():
    table = PAGE.partition("## Failures")[2].partition("## Settings")[0]
    sources = [*Path(scoring.__file__).parent.glob("*.py"), Path(online_deployments.__file__), Path(quotas.__file__)]
    code = "".join(each.read_text() for each in sources)
    said = set(re.findall(r"`([A-Z]\w+)`", table))

    assert len(said) > 8
    assert [each for each in said if f'"{each}"' not in code] == []
