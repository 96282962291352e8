# SPDX-License-Identifier: Apache-2.0
"""What is recorded of requests and usage, and how much of it stays."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundplan_emulator.app import Azure
from groundplan_emulator.ml.metrics import query, recorder, samples
from groundplan_emulator.ml.metrics.query import Aggregation
from groundplan_emulator.store import Resource
from tests.emulator.ml.metrics.feed import StillClock, endpoint, listen, opened, recording, serve, use


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Azure]:
    with opened(tmp_path) as azure:
        yield azure


def value(azure: Azure, id_: str, name: str, aggregation: Aggregation = "average", window: float = 60) -> float | None:
    return query.value(azure.store, azure.clock.now() + 1, id_, name, aggregation, window)


def split(azure: Azure, resource: Resource, name: str, *by: str) -> dict[tuple[str, ...], float | None]:
    """Totals of the last minute, by the dimensions' values."""
    now = azure.clock.now() + 1
    metric = query.metric_of(resource, name)
    found = query.series(azure.store, resource, metric, start=now - 60, end=now, grain=60, now=now, split=by)
    return {tuple(each.dimensions.values()): each.points[-1].total for each in found}


def test_requests_count_by_deployment_and_status(local: Azure) -> None:
    scoring = endpoint(local, "blue", "green")
    listen(local)
    serve(local, scoring, "blue", 10, 20, 30)
    serve(local, scoring, "green", 10, status=500)
    serve(local, scoring, "", 1, status=401)
    assert value(local, scoring.id, "RequestsPerMinute", "total") == 5
    assert split(local, scoring, "RequestsPerMinute", "deployment") == {("blue",): 3, ("green",): 1, ("",): 1}
    assert split(local, scoring, "RequestsPerMinute", "statusCodeClass", "modelStatusCode") == {
        ("2xx", "200"): 3,
        ("5xx", "500"): 1,
        ("4xx", "0"): 1,
    }
    assert value(local, f"{scoring.id}/deployments/blue", "RequestsPerMinute", "total") == 3


def test_what_is_written_and_what_is_not_count_alike(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    writer = listen(local)
    serve(local, scoring, "blue", 10, 20)
    writer.flush(local.clock.now())
    assert not writer.pending
    serve(local, scoring, "blue", 60)
    assert value(local, scoring.id, "RequestLatency") == pytest.approx(30)
    assert value(local, scoring.id, "RequestLatency", "maximum") == pytest.approx(60)
    writer.flush(local.clock.now())
    assert value(local, scoring.id, "RequestLatency", "count") == 3
    assert value(local, scoring.id, "RequestLatency_P50") == pytest.approx(20, rel=0.01)


def test_copies_count_for_their_deployment_only(local: Azure) -> None:
    scoring = endpoint(local, "blue", "shadow")
    listen(local)
    serve(local, scoring, "blue", 10, 10)
    serve(local, scoring, "shadow", 900, mirrored=True)
    assert value(local, scoring.id, "RequestsPerMinute", "total") == 2
    assert value(local, scoring.id, "RequestLatency", "maximum") == pytest.approx(10)
    assert value(local, scoring.id, "NetworkBytes", "total") == pytest.approx(300 / 60)
    assert value(local, f"{scoring.id}/deployments/shadow", "RequestsPerMinute", "total") == 1
    assert value(local, f"{scoring.id}/deployments/shadow", "RequestLatency_P50") == pytest.approx(900, rel=0.01)


def test_usage_is_a_share_of_what_an_instance_has(local: Azure) -> None:
    blue = f"{endpoint(local, 'blue').id}/deployments/blue"
    listen(local)
    cores = min(2, os.cpu_count() or 1)
    use(local, blue, 50.0 * cores, instance=0, capacity=2)
    use(local, blue, 100.0 * cores, instance=1, capacity=2)
    assert value(local, blue, "CpuUtilizationPercentage") == pytest.approx(75)
    assert value(local, blue, "CpuUtilizationPercentage", "maximum") == pytest.approx(100)
    memory = value(local, blue, "CpuMemoryUtilizationPercentage")
    assert memory is not None
    assert memory >= 100 / 8
    assert value(local, blue, "DeploymentCapacity") == 2
    assert 0 < (value(local, blue, "DiskUtilization") or 0) <= 100
    resource = local.store.get(blue)
    assert resource is not None
    assert split(local, resource, "CpuUtilizationPercentage", "instanceId") == {
        ("0",): pytest.approx(50),
        ("1",): pytest.approx(100),
    }


def test_minutes_without_requests_are_zero_for_rates_and_unknown_for_latency(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    listen(local)
    serve(local, scoring, "blue", *[10.0] * 6)
    local.clock.advance(179)
    now = local.clock.now()
    found = query.series(
        local.store, scoring, query.metric_of(scoring, "RequestsPerMinute"), start=now - 299, end=now, grain=60, now=now
    )
    assert [point.total for point in found[0].points] == [None, None, 6, 0, 0], (
        "nothing is known from before it was made"
    )
    assert value(local, scoring.id, "RequestsPerMinute", window=180) == 2
    assert value(local, scoring.id, "RequestLatency", window=60) is None


def test_connections_are_counted_when_they_are_new(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    writer = listen(local)
    for connection in ("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:1"):
        serve(local, scoring, "blue", 10, connection=connection)
    writer.flush(local.clock.now())
    assert value(local, scoring.id, "NewConnectionsPerSecond", "total") == pytest.approx(2 / 60)
    assert value(local, scoring.id, "ConnectionsActive", "maximum") == 2


def test_events_of_the_data_collector(local: Azure) -> None:
    scoring = endpoint(local, "blue", "green")
    writer, now = listen(local), local.clock.now()
    writer.collected(f"{scoring.id}/deployments/blue", 0, "model_inputs", 3, now)
    writer.collected(f"{scoring.id}/deployments/blue", 1, "model_outputs", 2, now)
    writer.collected(f"{scoring.id}/deployments/green", 0, "model_inputs", 4, now, reason="NoPlace")
    assert split(local, scoring, "DataCollectionEventsPerMinute", "deployment", "type") == {
        ("blue", "model_inputs"): 3,
        ("blue", "model_outputs"): 2,
    }
    assert split(local, scoring, "DataCollectionErrorsPerMinute", "deployment", "reason") == {("green", "NoPlace"): 4}
    assert value(local, f"{scoring.id}/deployments/blue", "DataCollectionEventsPerMinute", "total") == 5
    assert value(local, f"{scoring.id}/deployments/blue", "DataCollectionErrorsPerMinute", "total") == 0


def test_the_rest_is_written_at_the_clean_end(tmp_path: Path) -> None:
    async def work() -> None:
        with opened(tmp_path) as azure:
            scoring = endpoint(azure, "blue")
            async with recording(azure):
                serve(azure, scoring, "blue", 10, 20)

    asyncio.run(work())
    with opened(tmp_path) as azure:
        scoring = endpoint(azure, "blue")
        assert samples.count(azure.store) > 0
        assert value(azure, scoring.id, "RequestsPerMinute", "total") == 2


def test_writing_wakes_nobody_who_waits_for_changes(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    writer = listen(local)
    serve(local, scoring, "blue", 10)
    before = local.store.revision
    writer.flush(local.clock.now())
    assert local.store.revision == before
    assert samples.count(local.store) > 0


def test_samples_of_what_is_gone_are_dropped(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    writer = listen(local)
    serve(local, scoring, "blue", 10)
    local.store.reset()
    writer.flush(local.clock.now())
    assert samples.count(local.store) == 0
    assert not writer.pending


def test_samples_are_kept_for_93_days(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    writer = listen(local)
    for days in (0, 2, 92):
        local.clock.advance(days * 86400)
        serve(local, scoring, "blue", 10)
        writer.flush(local.clock.now())
        asyncio.run(writer.prune(local.clock.now()))
    oldest = samples.oldest(local.store)
    assert oldest is not None
    assert oldest == StillClock.START + 2 * 86400


def test_rows_are_bounded(local: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MOST_ROWS", 5)
    scoring = endpoint(local, "blue")
    writer = listen(local)
    for _ in range(8):
        local.clock.advance(12 * 3600)
        serve(local, scoring, "blue", 10)
        writer.flush(local.clock.now())
    asyncio.run(writer.prune(local.clock.now()))
    assert 0 < samples.count(local.store) <= 5
    assert value(local, scoring.id, "RequestsPerMinute", "total") == 1, "the newest stay"


def test_an_unknown_metric_names_those_that_there_are(local: Azure) -> None:
    scoring = endpoint(local, "blue")
    with pytest.raises(query.UnknownMetricError, match=r"RequestsPerSecond.*Valid metrics: RequestsPerMinute"):
        value(local, scoring.id, "RequestsPerSecond")
