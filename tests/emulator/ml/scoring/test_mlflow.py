# SPDX-License-Identifier: Apache-2.0
"""MLflow models without a scoring script: made as MLflow lays them out, in an environment of their own requirements."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.ai.ml.entities import ManagedOnlineDeployment, Model
from azure.core.exceptions import HttpResponseError

from .conftest import Serving

pytestmark = pytest.mark.azure_spec

MLMODEL = """
    flavors:
      python_function:
        code: code
        env:
          conda: conda.yaml
        loader_module: adding
        python_version: 3.11.7
    mlflow_version: 3.17.2
    model_uuid: 0123456789abcdef0123456789abcdef
    signature:
      inputs: '[{"type": "double", "name": "a", "required": true}, {"type": "double", "name": "b", "required": true}]'
      outputs: '[{"type": "double", "required": true}]'
"""
CONDA = """
    name: mlflow-env
    channels: [conda-forge]
    dependencies:
    - python=3.11.7
    - pip<=24
    - pip:
      - mlflow-skinny==3.17.2
      - pandas>=2,<3
      - iniconfig==2.0.0
"""
ADDING = """
    import iniconfig

    class Adding:
        def predict(self, table):
            return (table["a"] + table["b"]).to_numpy()

    def _load_pyfunc(path):
        return Adding()
"""


def written(folder: Path, conda: str = CONDA) -> Path:
    """A model's folder."""
    files = {"MLmodel": MLMODEL, "conda.yaml": conda, "code/adding.py": ADDING}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
    return folder


@pytest.fixture(scope="module")
def port(serving: Serving) -> int:
    """Where the model answers."""
    endpoint = serving.endpoint("mlflow-ep")
    model = Model(name="adding", version="2", type="mlflow_model", path=str(written(serving.folder / "adding")))
    serving.put(deployment(endpoint, "blue", model))
    return serving.instances(endpoint)[0]["port"]


def deployment(endpoint: str, name: str, model: Model) -> ManagedOnlineDeployment:
    return ManagedOnlineDeployment(
        name=name, endpoint_name=endpoint, model=model, instance_type="Standard_DS3_v2", instance_count=1
    )


def post(port: int, body: Any) -> httpx.Response:
    return httpx.post(f"http://127.0.0.1:{port}/score", json=body, trust_env=False, timeout=20)


INPUTS: dict[str, Any] = {
    "a table": {"input_data": {"columns": ["b", "a"], "index": [0, 1], "data": [[1, 2], [3.5, 4]]}},
    "rows": {"input_data": [[1, 2], [3.5, 4]]},
    "records": {"input_data": [{"a": 1, "b": 2}, {"a": 3.5, "b": 4}]},
    "lists": {"input_data": {"a": [1, 3.5], "b": [2, 4]}},
    "MLflow's table": {"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3.5, 4]]}},
    "MLflow's records": {"dataframe_records": [{"a": 1, "b": 2}, {"a": 3.5, "b": 4}]},
}


@pytest.mark.parametrize("form", INPUTS)
def test_every_form_of_input(port: int, form: str):
    answer = post(port, INPUTS[form])

    assert (answer.status_code, answer.json()) == (200, [3.0, 7.5])


WRONG: dict[str, tuple[Any, str]] = {
    "no key": ({"data": [[1, 2]]}, "one of input_data, dataframe_split"),
    "a number": ({"input_data": 5}, "'input_data' must be a list or an object, not int"),
    "too many values": ({"input_data": [[1, 2, 3]]}, "rows have 3 values, but the model takes 2: a, b"),
    "a missing column": ({"input_data": {"columns": ["a"], "data": [[1]]}}, "does not fit the model"),
    "words": ({"input_data": {"columns": ["a", "b"], "data": [["x", "y"]]}}, "could not convert string to float"),
}


@pytest.mark.parametrize("what", WRONG)
def test_input_that_is_refused(port: int, what: str):
    body, says = WRONG[what]

    answer = post(port, body)

    assert answer.status_code == 400
    assert says in answer.json()["message"]


def test_a_model_whose_requirements_cannot_be_had(serving: Serving, port: int):
    folder = written(serving.folder / "broken", CONDA.replace("iniconfig==2.0.0", "iniconfig==0.0.99"))

    with pytest.raises(HttpResponseError, match=r"(?s)ImageBuildFailure.*no version of iniconfig==0\.0\.99") as caught:
        serving.put(deployment("mlflow-ep", "green", Model(name="broken", type="mlflow_model", path=str(folder))))

    assert "The environment of the model 'broken/1' cannot be made" in caught.value.message
    assert "Mend the requirements in the model's folder" in caught.value.message


def test_a_folder_that_is_no_model(serving: Serving):
    endpoint = serving.endpoint("no-mlflow-ep")
    folder = serving.folder / "no-mlflow"
    folder.mkdir()
    (folder / "model.pkl").write_text("x")

    with pytest.raises(HttpResponseError) as caught:
        serving.put(deployment(endpoint, "blue", Model(name="nomodel", type="mlflow_model", path=str(folder))))

    assert caught.value.error is not None
    assert caught.value.error.code == "BadArgument"
    assert "'nomodel/1' is mlflow_model, but there is no file 'MLmodel'" in caught.value.message
    assert "Register the folder that MLflow saved" in caught.value.message
    assert "conda" not in caught.value.message
