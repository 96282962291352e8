# SPDX-License-Identifier: Apache-2.0
"""What was recorded outlives the process that recorded it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.fixtures.azure import running


def test_metrics_survive_a_kill(tmp_path: Path) -> None:
    folder, root = tmp_path / "azure", Path(__file__).parents[4]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.emulator.ml.metrics.recorded_then_killed", str(folder)],
        stdout=subprocess.PIPE,
        cwd=root,
        text=True,
    ) as process:
        assert process.stdout is not None
        written, endpoint = process.stdout.readline().split()
        process.send_signal(signal.SIGKILL)
    assert int(written) > 0
    with running(folder) as azure:
        answer = azure.arm(
            "GET",
            f"{endpoint}/providers/Microsoft.Insights/metrics",
            api_version="2024-02-01",
            params={
                "metricnames": "RequestsPerMinute,RequestLatency_P50",
                "aggregation": "total,average",
                "interval": "FULL",
            },
        )
    requests, latency = (metric["timeseries"][0]["data"][0] for metric in answer.json()["value"])
    assert requests["total"] == 10
    assert 9.9 <= latency["average"] <= 10.1
