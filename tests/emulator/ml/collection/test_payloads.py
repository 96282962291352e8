# SPDX-License-Identifier: Apache-2.0
"""Bodies of requests and responses as collections: which are taken, how many, and that none is lost at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from groundplan_emulator.app import Azure
from groundplan_emulator.clock import Clock
from groundplan_emulator.ml.collection import read, settings, sink, writer
from groundplan_emulator.ml.collection.events import of_request
from groundplan_emulator.ml.telemetry import Served
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Resource, Store
from tests.emulator.ml.collection.conftest import Collecting, enabled
from tests.fixtures.azure import running

GROUP = "/subscriptions/s/resourceGroups/g"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct"
ML = "Microsoft.MachineLearningServices/workspaces"
WORKSPACE = f"{GROUP}/providers/{ML}/mlw"
ENDPOINT = f"{WORKSPACE}/onlineEndpoints/ep"
BLUE = f"{ENDPOINT}/deployments/blue"
QUESTION, ANSWER = b'{"x": [1, 2]}', b"[3]"
SERVED = Served(
    at=3600.0,
    endpoint=ENDPOINT,
    deployment="blue",
    status=200,
    model_status=200,
    seconds=0.1,
    model_seconds=0.1,
    request_bytes=len(QUESTION),
    response_bytes=len(ANSWER),
    request_id="r-1",
    path="/score?code=secret",
    bodies=(QUESTION, ANSWER),
    instance=0,
)


class World:
    """An emulated Azure in this process, with a deployment that collects."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "state.db")
        self.azure = Azure(Settings(folder, 1, 2, Identity.load(folder)), self.store, Clock())
        self.put(ACCOUNT, "Microsoft.Storage/storageAccounts")
        self.put(WORKSPACE, ML)
        datastore = {"datastoreType": "AzureBlob", "accountName": "acct", "containerName": "c"}
        self.put(f"{WORKSPACE}/datastores/workspaceblobstore", f"{ML}/datastores", **datastore)
        self.put(ENDPOINT, f"{ML}/onlineEndpoints")

    def put(self, id_: str, type_: str, **properties: Any) -> None:
        name = id_.rsplit("/", 1)[1]
        body: dict[str, Any] = {"id": id_, "name": name, "type": type_, "properties": properties}
        with self.azure.working() as ctx:
            ctx.save(Resource(id_, type_, name, body))

    def deploy(self, **collections: Any) -> None:
        self.put(BLUE, f"{ML}/onlineEndpoints/deployments", dataCollector={"collections": collections})

    def collected(self, collection: str, *events: Served) -> list[dict[str, Any]]:
        for event in events:
            writer.payloads(self.azure, event)
        sink.of(self.azure).flush(self.azure)
        place = Place("acct", "c", f"modelDataCollector/ep/blue/{collection}")
        return list(read.events(self.store.database, place, 0, 1e12))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    with closing(made.store):
        yield made


@pytest.mark.azure_spec
def test_a_request_and_its_response(world: World):
    world.deploy(request=enabled(), response=enabled())

    (request,) = world.collected("request", SERVED)
    (response,) = world.collected("response")

    assert (request["data"], response["data"]) == ({"x": [1, 2]}, [3])
    assert (request["path"], request["method"], request["type"]) == ("/score", "POST", "azureml.inference.request")
    assert request["correlationid"] == response["xrequestid"] == "r-1"
    assert (request["time"], request["contentrange"]) == ("1970-01-01T01:00:00Z", "bytes 0-12/13")
    assert "secret" not in str(request)


@pytest.mark.azure_assumed
def test_what_is_not_collected(world: World):
    world.deploy(request=enabled(), response={"dataCollectionMode": "Disabled"})
    too_large = dataclasses.replace(SERVED, bodies=(b"", ANSWER), request_bytes=5 << 20)
    refused = dataclasses.replace(SERVED, model_status=0, status=429)
    elsewhere = dataclasses.replace(SERVED, deployment="green")

    assert world.collected("request", too_large, refused, elsewhere, dataclasses.replace(SERVED, bodies=None)) == []
    assert len(world.collected("request", SERVED)) == 1
    assert world.collected("response") == []


@pytest.mark.azure_assumed
def test_sampling_keeps_questions_with_their_answers(world: World):
    world.deploy(request=enabled(samplingRate=0.25), response=enabled(samplingRate=0.25))
    events = [dataclasses.replace(SERVED, request_id=f"r-{number}") for number in range(400)]

    requests = {event["correlationid"] for event in world.collected("request", *events)}
    responses = {event["correlationid"] for event in world.collected("response")}

    assert requests == responses
    assert 60 <= len(requests) <= 140, "a quarter of 400, within 4.6 standard deviations; always the same ones"


def test_a_share_of_nothing_and_of_everything():
    collector = settings.of({"collections": {"none": enabled(samplingRate=0), "all": enabled(samplingRate=1)}})

    assert not any(collector.collections["none"].samples(f"{number}") for number in range(100))
    assert all(collector.collections["all"].samples(f"{number}") for number in range(100))


def test_what_waits_has_a_largest_size():
    waiting = sink.Sink()
    event = of_request(BLUE, dataclasses.replace(SERVED, bodies=(b"x" * (30 << 20), b"")))

    assert [waiting.take(event) for _ in range(3)] == [True, True, False]


def test_lines_without_a_place_harm_nobody(world: World):
    world.deploy(request=enabled())
    world.store.remove(f"{WORKSPACE}/datastores/workspaceblobstore")
    writer.payloads(world.azure, SERVED)

    assert sink.of(world.azure).flush(world.azure) is False


@pytest.mark.azure_assumed
def test_nothing_is_lost_at_a_clean_end(tmp_path: Path):
    with running(tmp_path / "azure") as azure:
        deployed = Collecting.make(azure).deploy({"model_inputs": enabled()})
        for number in range(50):
            assert deployed.send("model_inputs", f'[{{"n":{number}}}]').status_code == 200
    with running(tmp_path / "azure") as again:
        deployed.collecting.azure = again
        lines = deployed.lines(deployed.folder("model_inputs"), 50)

    assert sorted(line["data"][0]["n"] for line in lines) == list(range(50))
