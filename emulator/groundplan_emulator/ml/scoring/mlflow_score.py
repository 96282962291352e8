# SPDX-License-Identifier: Apache-2.0
"""Scoring script of MLflow models that bring none: runs in the environment of the model.

Takes Azure's format `{"input_data": ..., "params": {...}}`, where `input_data` is a table
`{"columns": [...], "index": [...], "data": [[...]]}`, a list of rows or of records, or a map of named lists; and
MLflow's own `dataframe_split`, `dataframe_records`, `instances` and `inputs`. Tables are collected as `model_inputs` and `model_outputs`,
where the deployment collects these.
"""

# ruff: noqa: D103
# pyright: basic, reportMissingImports=false, reportUnknownParameterType=false
from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import mlflow.exceptions
import mlflow.pyfunc
import numpy
import pandas
from azureml_inference_server_http.api.aml_response import AMLResponse
from mlflow.utils.proto_json_utils import cast_df_types_according_to_schema

_KEYS = ("input_data", "dataframe_split", "dataframe_records", "instances", "inputs")
model: Any = None
collectors: dict[str, Any] = {}


def init() -> None:
    global model  # noqa: PLW0603  (a scoring script keeps its model so)
    if path := os.environ.get("AZUREML_MDC_CONFIG_PATH"):
        from azureml.ai.monitoring import Collector

        enabled = {name.lower() for name in json.loads(Path(path).read_text())["collections"]}
        for name in enabled & {"model_inputs", "model_outputs"}:
            collectors[name] = Collector(name=name, on_error=lambda error: print("not collected:", error))  # noqa: T201  (its log)
    found = sorted(Path(os.environ["AZUREML_MODEL_DIR"]).rglob("MLmodel"), key=lambda each: len(each.parts))
    model = mlflow.pyfunc.load_model(str(found[0].parent))


def run(data: str) -> Any:
    try:
        body = json.loads(data)
        given = _typed(_input(body))
    except (ValueError, mlflow.exceptions.MlflowException) as error:
        return AMLResponse({"message": f"The input cannot be read: {error}"}, 400, json_str=True)
    context = _collect("model_inputs", given, None)
    try:
        params = body.get("params") if model.metadata.signature and model.metadata.signature.params else None
        answer = model.predict(given, params=params) if params else model.predict(given)
    except mlflow.exceptions.MlflowException as error:
        return AMLResponse({"message": f"The input does not fit the model: {error.message}"}, 400, json_str=True)
    _collect("model_outputs", answer, context)
    return _plain(answer)


def _collect(name: str, values: Any, context: Any) -> Any:
    """Tables, and what is one without names of columns: those of the signature, or 'output', are taken then."""
    if name not in collectors:
        return context
    if isinstance(values, pandas.Series):
        values = values.to_numpy()
    if isinstance(values, numpy.ndarray | list) and numpy.ndim(values) in (1, 2):
        table = pandas.DataFrame(values)
        outputs: Any = model.metadata.get_output_schema()
        named = outputs.input_names() if outputs is not None and outputs.has_input_names() else []
        usual = ["output"] if table.shape[1] == 1 else [f"output_{number}" for number in range(table.shape[1])]
        values = table.set_axis(named if len(named) == table.shape[1] else usual, axis=1)
    return collectors[name].collect(values, context) if isinstance(values, pandas.DataFrame) else context


def _input(body: Any) -> Any:
    keys = [key for key in _KEYS if isinstance(body, dict) and key in body]
    if len(keys) != 1:
        raise ValueError(f"it must be an object with one of {', '.join(_KEYS)}")
    value = body[keys[0]]
    inputs: Any = model.metadata.get_input_schema()
    tensors = inputs is not None and inputs.is_tensor_spec()
    if isinstance(value, dict) and "data" in value and not tensors:
        table = pandas.DataFrame(value["data"], columns=value.get("columns"), index=value.get("index"))
        return (
            table if value.get("columns") or inputs is None or not inputs.has_input_names() else _named(table, inputs)
        )
    if isinstance(value, dict):
        return {name: numpy.array(each) for name, each in value.items()} if tensors else pandas.DataFrame(value)
    if not isinstance(value, list):
        raise ValueError(f"'{keys[0]}' must be a list or an object, not {type(value).__name__}")  # noqa: TRY004  (of the input)
    if tensors:
        return numpy.array(value, dtype=inputs.inputs[0].type)  # pyright: ignore[reportOptionalMemberAccess]
    if value and isinstance(value[0], dict):
        return pandas.DataFrame(value)
    if inputs is not None and inputs.has_input_names():
        return _named(pandas.DataFrame(value), inputs)
    return pandas.DataFrame(value) if inputs is not None or keys[0] == "input_data" else numpy.array(value)


def _typed(given: Any) -> Any:
    """JSON knows no integers apart from other numbers, no dates and no bytes: the signature says what is meant."""
    inputs: Any = model.metadata.get_input_schema()
    if inputs is None or not isinstance(given, pandas.DataFrame):
        return given
    return cast_df_types_according_to_schema(given, inputs)


def _named(table: Any, inputs: Any) -> Any:
    names = inputs.input_names()
    if len(names) != table.shape[1]:
        raise ValueError(f"rows have {table.shape[1]} values, but the model takes {len(names)}: {', '.join(names)}")
    table.columns = names
    return table


def _plain(answer: Any) -> Any:
    if isinstance(answer, pandas.DataFrame):
        return json.loads(answer.to_json(orient="records"))
    if isinstance(answer, pandas.Series):
        return json.loads(answer.to_json(orient="values"))
    if isinstance(answer, dict):
        return {name: _plain(each) for name, each in answer.items()}
    if isinstance(answer, numpy.ndarray | numpy.generic):
        return answer.tolist()
    return answer
