# SPDX-License-Identifier: Apache-2.0
"""A server with requests of one moment in its store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.monitor import MonitorManagementClient

from tests.emulator.ml.metrics.feed import StillClock, endpoint, listen, opened, serve, use
from tests.fixtures.azure import RunningAzure, running


@dataclass
class Measured:
    """A server whose store has the requests of one moment, ten minutes ago: 90 to blue, 10 to green (3 failed), 5 copies."""

    azure: RunningAzure
    endpoint: str
    moment: datetime

    @property
    def timespan(self) -> str:
        start = self.moment.replace(second=0, microsecond=0)
        return f"{start:%Y-%m-%dT%H:%M:%SZ}/{start + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"

    def list(self, names: str, *, resource: str = "", **more: Any) -> Any:
        with MonitorManagementClient(DefaultAzureCredential(), self.azure.subscription_id, self.azure.https) as client:
            options: dict[str, Any] = {"timespan": self.timespan, "interval": "PT5M", "aggregation": "Total", **more}
            return client.metrics.list(resource or self.endpoint, metricnames=names, **options)

    def totals(self, names: str, **more: Any) -> dict[tuple[str, ...], float]:
        (metric,) = self.list(names, **more).value
        return {tuple(found.value for found in each.metadatavalues): each.data[0].total for each in metric.timeseries}

    def refusal(self, names: str = "RequestsPerMinute", **more: Any) -> str:
        with pytest.raises(HttpResponseError) as refused:
            self.list(names, **more)
        assert refused.value.status_code == 400
        assert refused.value.response is not None
        body = refused.value.response.json()
        assert body["code"] == "BadRequest"
        return body["message"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    folder: Path = tmp_path_factory.mktemp("measured")
    ago = StillClock((time.time() - 600) // 60 * 60 + 5)
    with opened(folder, ago) as local:
        scoring = endpoint(local, "blue", "green", "shadow")
        recorder = listen(local)
        moment = datetime.fromtimestamp(ago.now(), UTC)
        serve(local, scoring, "blue", *[float(number) for number in range(1, 91)], connection="127.0.0.1:1")
        serve(local, scoring, "green", *[10.0] * 7)
        serve(local, scoring, "green", *[10.0] * 3, status=500)
        serve(local, scoring, "shadow", *[10.0] * 5, mirrored=True)
        use(local, f"{scoring.id}/deployments/blue", 100, instance=0, capacity=2)
        use(local, f"{scoring.id}/deployments/blue", 0, instance=1, capacity=2)
        recorder.flush(local.clock.now())
    with running(folder) as azure, pytest.MonkeyPatch.context() as patch:
        for name, value in azure.env.items():
            patch.setenv(name, value)
        yield Measured(azure, scoring.id, moment)
