# SPDX-License-Identifier: Apache-2.0
"""docs/local-metrics.md: its code runs in the order of the page, and its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from groundplan_emulator.ml.metrics.definitions import DEPLOYMENTS, ENDPOINTS, Metric, of

from .conftest import Measured

PAGE = (Path(__file__).parents[4] / "docs" / "local-metrics.md").read_text()
ROW = re.compile(
    r"^\| (?P<names>`\w+`(?:, `\w+`)*) \| (?P<of>endpoint|deployment) \|\s*(?P<unit>\w*)\s*\|(?P<dimensions>[^|]*)\|",
    re.MULTILINE,
)


@pytest.mark.azure_spec
def test_the_code_of_the_page_runs(measured: Measured, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {"endpoint_id": measured.endpoint, "resource_group": "metrics"}
    for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(code, str(PAGE[:20]), "exec"), names)  # noqa: S102
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["blue 90.0", "green 10.0"]
    assert {"instance 0", "instance 1"} <= set(printed)


@pytest.mark.parametrize(("kind", "type_"), [("endpoint", ENDPOINTS), ("deployment", DEPLOYMENTS)])
def test_the_table_of_metrics_is_complete(kind: str, type_: str) -> None:
    rows = [match for match in ROW.finditer(PAGE) if match["of"] == kind]
    said = {name: match for match in rows for name in re.findall(r"`(\w+)`", match["names"])}
    metrics = {metric.name: metric for metric in of(type_).values()}
    assert set(said) == set(metrics)
    for name, match in said.items():
        metric: Metric = metrics[name]
        assert match["unit"] in ("", metric.unit), name
        assert set(re.findall(r"`(\w+)`", match["dimensions"])) == set(metric.dimensions), name


def test_prometheus_has_what_the_page_says(measured: Measured) -> None:
    text = measured.azure.client.get(f"{measured.azure.http}/metrics").text
    found = {family.name for family in text_string_to_metric_families(text)}
    said = set(re.findall(r"`((?:azureml_online|groundplan_emulator)_\w+)`", PAGE))
    assert {name.removesuffix("_total") for name in said} == found
