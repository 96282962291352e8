# SPDX-License-Identifier: Apache-2.0
"""MLflow models without a scoring script collect what goes in and out by themselves."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

import pytest
from azure.ai.ml.entities import DataCollector, DeploymentCollection, Model

from groundplan_emulator.ml.collection import read
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Store
from tests.emulator.ml.scoring import conftest as scoring
from tests.emulator.ml.scoring.conftest import Serving, until
from tests.emulator.ml.scoring.test_mlflow import deployment, written

serving, variables = scoring.serving, scoring.variables
ENDPOINT = "collect-mlflow"


@pytest.mark.azure_assumed
def test_inputs_and_outputs_are_collected(serving: Serving):
    serving.endpoint(ENDPOINT)
    asked = deployment(
        ENDPOINT, "blue", Model(name="collecting", type="mlflow_model", path=str(written(serving.folder / "m")))
    )
    names = ("model_inputs", "model_outputs")
    asked.data_collector = DataCollector(collections={name: DeploymentCollection(enabled="true") for name in names})
    serving.put(asked)
    datastore = serving.ml.datastores.get("workspaceblobstore")

    def events(collection: str) -> list[dict[str, Any]]:
        folder = f"modelDataCollector/{ENDPOINT}/blue/{collection}"
        place = Place(datastore.account_name.rpartition("/")[2], datastore.container_name, folder)
        with closing(Store(serving.azure.folder / "state.db")) as store, store.reader() as connection:
            return list(read.events(connection, place, 0, time.time() + 60))

    assert serving.score(ENDPOINT, {"input_data": [{"a": 1, "b": 2}, {"a": 3.5, "b": 4}]}) == [3.0, 7.5]
    (outputs,) = until(lambda: events("model_outputs"), "the collected outputs")
    (inputs,) = until(lambda: events("model_inputs"), "the collected inputs")

    assert inputs["data"] == [{"a": 1.0, "b": 2.0}, {"a": 3.5, "b": 4.0}]
    assert outputs["data"] == [{"output": 3.0}, {"output": 7.5}]
    assert inputs["correlationid"] == outputs["correlationid"]
