# SPDX-License-Identifier: Apache-2.0
"""The agent's side of the data collector: what is sent lands in the blob plane as Microsoft documents it."""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest

from groundplan_emulator.ml.collection import read
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Store
from tests.emulator.ml.collection.conftest import Collecting, enabled

ROWS = '[{"age":41,"dose":0.5},{"age":52,"dose":null}]'


@pytest.mark.azure_spec
def test_a_line_is_an_event(collecting: Collecting):
    deployed = collecting.deploy({"model_inputs": enabled()})

    answer = deployed.send("model_inputs", ROWS, ce_x_user="ada")
    (line,) = deployed.lines(deployed.folder("model_inputs"), 1)

    assert answer.status_code == 200
    assert line["data"] == json.loads(ROWS)
    assert {name: line[name] for name in line if name not in ("id", "time", "data")} == {
        "specversion": "1.0",
        "source": deployed.id,
        "type": "azureml.inference.model_inputs",
        "datacontenttype": "application/json",
        "contentrange": f"bytes 0-{len(ROWS) - 1}/{len(ROWS)}",
        "correlationid": "r-1",
        "xrequestid": "r-1",
        "modelversion": "default",
        "collectdatatype": "pandas.core.frame.DataFrame",
        "agent": "azureml-ai-monitoring/1.0.0",
        "xuser": "ada",
    }
    assert abs(datetime.fromisoformat(line["time"]).timestamp() - time.time()) < 60


@pytest.mark.azure_spec
def test_layout_of_the_files(collecting: Collecting):
    deployed = collecting.deploy({"model_inputs": enabled(), "Model_Outputs": enabled()})

    for instance in (0, 0, 1):
        deployed.send("model_inputs", ROWS, instance=instance)
    deployed.send("Model_Outputs", ROWS)

    assert len(deployed.lines(deployed.folder("model_inputs"), 3)) == 3
    assert len(deployed.lines(deployed.folder("Model_Outputs"), 1)) == 1
    names = list(collecting.blobs(deployed.folder("model_inputs")))
    assert len(names) == 2, "one file an instance"
    hour = datetime.now(UTC).strftime("%Y/%m/%d/")
    assert all(re.fullmatch(deployed.folder("model_inputs") + hour + r"\d\d/[\w-]+\.jsonl", name) for name in names)


@pytest.mark.azure_spec
@pytest.mark.parametrize(
    ("rate", "pattern"), [("Day", r"\d{4}/\d\d/\d\d/[\w-]+"), ("Minute", r"\d{4}/\d\d/\d\d/\d\d/\d\d/[\w-]+")]
)
def test_rolling(collecting: Collecting, rate: str, pattern: str):
    deployed = collecting.deploy({"model_inputs": enabled()}, rollingRate=rate)

    deployed.send("model_inputs", ROWS)
    deployed.lines(deployed.folder("model_inputs"), 1)

    (name,) = collecting.blobs(deployed.folder("model_inputs"))
    assert re.fullmatch(deployed.folder("model_inputs") + pattern + r"\.jsonl", name)


@pytest.mark.azure_spec
def test_data_asset_of_a_collection(collecting: Collecting):
    asset = f"{collecting.workspace}/data/elsewhere/versions/1"
    uri = "azureml://datastores/workspaceblobstore/paths/my/place"
    collecting.put(asset, {"properties": {"dataType": "uri_folder", "dataUri": uri}})
    deployed = collecting.deploy({"model_inputs": enabled(dataId=asset)})

    deployed.send("model_inputs", ROWS)

    assert [line["source"] for line in deployed.lines("my/place/", 1)] == [deployed.id]
    assert collecting.blobs(deployed.folder("model_inputs")) == {}


@pytest.mark.azure_spec
def test_large_data_has_a_blob_of_its_own(collecting: Collecting):
    deployed = collecting.deploy({"model_inputs": enabled()})
    body = json.dumps([{"text": "x" * (5 << 20)}])

    deployed.send("model_inputs", body)
    (line,) = deployed.lines(deployed.folder("model_inputs"), 1)
    blobs = collecting.blobs(deployed.folder("model_inputs"))

    assert line["datainblob"] == "true"
    apart = next(name for name in blobs if name.endswith(line["id"]))
    assert blobs[apart] == body.encode()
    assert line["data"].endswith(apart)


@pytest.mark.azure_spec
def test_text_and_binary_data(collecting: Collecting):
    deployed = collecting.deploy({"notes": enabled()})

    deployed.send("notes", "plain")
    deployed.send("notes", b"\xff\xfe\x00")
    lines = {line["datacontenttype"]: line for line in deployed.lines(deployed.folder("notes"), 2)}

    assert lines["text/plain"]["data"] == "plain"
    assert lines["application/octet-stream"]["datainblob"] == "true"


@pytest.mark.azure_assumed
def test_who_may_send(collecting: Collecting):
    deployed = collecting.deploy({"model_inputs": enabled(), "off": {"dataCollectionMode": "Disabled"}})
    url = f"{collecting.azure.http}/modeldata/log"
    user = deployed.variables()["AZUREML_MDC_HOST"].partition(":")[0]

    assert httpx.post(url, content=ROWS, trust_env=False).status_code == 401
    assert httpx.post(url, content=ROWS, auth=(user, "guess"), trust_env=False).status_code == 401
    assert httpx.post(url, content=ROWS, auth=("0.0", "guess"), trust_env=False).status_code == 401
    assert deployed.send("off", ROWS).status_code == 404
    assert deployed.send("other", ROWS).status_code == 404
    assert deployed.send("MODEL_INPUTS", ROWS).status_code == 200


@pytest.mark.azure_spec
def test_variables_of_a_scoring_process(collecting: Collecting):
    sampled = collecting.deploy({"model_inputs": enabled(samplingRate=0.25), "off": {"dataCollectionMode": "Disabled"}})
    payloads = collecting.deploy({"request": enabled(), "response": enabled()})

    variables = sampled.variables(instance=3)

    assert set(variables) == {"AZUREML_MDC_CONFIG_PATH", "AZUREML_MDC_HOST", "AZUREML_MDC_PORT"}
    with open(variables["AZUREML_MDC_CONFIG_PATH"], encoding="utf-8") as file:  # noqa: PTH123
        config = json.load(file)
    assert config["collections"] == {"model_inputs": {"enabled": True, "sampleRatePercentage": 25.0}}
    assert payloads.variables() == {}, "no code of the user's is needed for these"


def test_rows_of_a_time(collecting: Collecting):
    deployed = collecting.deploy({"model_inputs": enabled()})
    now = int(time.time())
    for number, ago in enumerate((3 * 3600, 1800, 60)):
        deployed.send("model_inputs", f'[{{"n":{number}}},{{"n":{-number}}}]', ce_time=str(now - ago))
    large = json.dumps([{"n": 9, "text": "x" * (5 << 20)}])
    deployed.send("model_inputs", large, ce_time=str(now - 30))
    deployed.lines(deployed.folder("model_inputs"), 4)
    container = f"azureml-blobstore-{collecting.workspace_id}"
    place = Place(collecting.account, container, deployed.folder("model_inputs").rstrip("/"))

    with closing(Store(collecting.azure.folder / "state.db")) as store, store.reader() as connection:
        last_hour = [record["n"] for record in read.records(connection, place, now - 3600, now)]
        before = [record["n"] for record in read.records(connection, place, now - 4 * 3600, now - 1800)]
        lines = read.json_lines(connection, place, now - 1800, now - 60)

    assert last_hour == [1, -1, 2, -2, 9]
    assert before == [0, 0]
    assert lines == b'{"n":1}\n{"n":-1}\n'


def test_long_collections_are_kept_in_pieces(collecting: Collecting):
    deployed = collecting.deploy({"model_inputs": enabled()})
    body = json.dumps([{"text": "x" * (700 << 10)}])

    for _ in range(4):
        deployed.send("model_inputs", body)
        deployed.lines(deployed.folder("model_inputs"), 1)
        time.sleep(0.6)  # one flush each
    lines = deployed.lines(deployed.folder("model_inputs"), 4)

    assert len(lines) == len({line["id"] for line in lines}) == 4
    assert len(collecting.blobs(deployed.folder("model_inputs"))) >= 2
