# SPDX-License-Identifier: Apache-2.0
"""The body of an invocation: names in any case, inputs and outputs under any key, in the spellings of all clients.

{"properties": {"inputData": {KEY: {"jobInputType": "UriFolder", "uri": URI}},
"outputData": {KEY: {"jobOutputType": "UriFile", "uri": URI}}, "outputFileName", "miniBatchSize", "errorThreshold", "retrySettings",
"compute": {"target", "instanceCount"}, "name", "properties": {"experimentName"}}}
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, cast

from groundplan_emulator.types.machine_learning_services.service import check_duration, user_error

_KINDS: Final = {"urifile": "uri_file", "urifolder": "uri_folder", "uri_file": "uri_file", "uri_folder": "uri_folder"}
_MODELS: Final = {"custommodel": "custom_model", "mlflowmodel": "mlflow_model", "tritonmodel": "triton_model"}
_DATASTORE: Final = re.compile(r"(?:azureml:)?/+(?P<rest>subscriptions/.+/datastores/.+)", re.IGNORECASE)
_SETTINGS: Final = {
    "minibatchsize": "miniBatchSize",
    "errorthreshold": "errorThreshold",
    "outputfilename": "outputFileName",
    "retrysettings": "retrySettings",
    "maxconcurrencyperinstance": "maxConcurrencyPerInstance",
}


@dataclass(slots=True)
class Invocation:
    """What is asked for. `inputs` and `outputs` are a job's, by name; `changes` are properties of the deployment, for this job."""

    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    experiment: str = ""
    compute: dict[str, Any] = field(default_factory=dict)


def understand(body: dict[str, Any]) -> Invocation:
    """Read a body. Raises `ArmError`."""
    properties = _folded(_folded(body).get("properties"))
    if properties.get("dataset"):
        raise user_error(
            "Datasets of version 1 are not supported: name a data asset or a path as 'inputData'.", "dataset"
        )
    asked = Invocation(name=str(properties.get("name") or ""))
    asked.experiment = str(_folded(properties.get("properties")).get("experimentname") or "")
    for name, value in _folded(properties.get("inputdata"), keep=True).items():
        asked.inputs[name] = _input(name, value)
    for name, value in _folded(properties.get("outputdata"), keep=True).items():
        asked.outputs[name] = _output(name, value)
    if dataset := _folded(properties.get("outputdataset")):
        asked.outputs["score"] = _dataset(dataset)
    asked.changes = {
        _SETTINGS[name]: value for name, value in properties.items() if name in _SETTINGS and value is not None
    }
    _check(asked.changes)
    asked.compute = _folded(properties.get("compute"))
    return asked


def _folded(value: object, *, keep: bool = False) -> dict[str, Any]:
    """A mapping with its keys in lower case (or kept, where they are names); empty for anything else."""
    if not isinstance(value, dict):
        return {}
    given = cast("dict[str, Any]", value)
    return {name if keep else name.lower(): item for name, item in given.items()}


def _input(name: str, value: object) -> dict[str, Any]:
    given = _folded(value)
    kind = str(given.get("jobinputtype") or given.get("type") or "").lower()
    target = f"inputData.{name}"
    if kind == "literal":
        return {"jobInputType": "literal", "value": str(given.get("value", ""))}
    if kind not in _KINDS | _MODELS:
        raise user_error(
            f"The input '{name}' is of type '{given.get('jobinputtype')}'; allowed: UriFile, UriFolder, Literal.",
            target,
        )
    uri = str(given.get("uri") or "")
    if not uri:
        raise user_error(f"The input '{name}' has no 'uri'.", target)
    return {"jobInputType": (_KINDS | _MODELS)[kind], "uri": address(uri), "mode": given.get("mode")}


def _output(name: str, value: object) -> dict[str, Any]:
    given = _folded(value)
    kind = str(given.get("joboutputtype") or given.get("type") or "urifolder").lower()
    if kind not in _KINDS:
        raise user_error(
            f"The output '{name}' is of type '{given.get('joboutputtype')}'; allowed: UriFile, UriFolder.",
            f"outputData.{name}",
        )
    found: dict[str, Any] = {"jobOutputType": _KINDS[kind]}
    if given.get("uri"):
        found["uri"] = address(str(given["uri"]))
    return found


def _dataset(given: dict[str, Any]) -> dict[str, Any]:
    store, path = str(given.get("datastoreid") or ""), str(given.get("path") or "").strip("/")
    name = store.rstrip("/").rsplit("/", 1)[-1].removeprefix("azureml:") or "workspaceblobstore"
    return {"jobOutputType": "uri_folder", "uri": f"azureml://datastores/{name}/paths/{path}"}


def address(uri: str) -> str:
    """A URI as jobs take it: paths of datastores may be written as ARM ids, labels of versions after `versions/`."""
    text = uri.strip()
    if (match := _DATASTORE.fullmatch(text)) is not None:
        return f"azureml://{match['rest']}"
    return text.replace("/versions/labels/", "/labels/")


def _check(changes: dict[str, Any]) -> None:
    for name, least in (("miniBatchSize", 1), ("maxConcurrencyPerInstance", 1), ("errorThreshold", -1)):
        value = changes.get(name)
        if value is not None and (not isinstance(value, int) or value < least):
            raise user_error(f"{name} must be a whole number of at least {least}, not '{value}'.", name)
    if "retrySettings" in changes:
        given = _folded(changes["retrySettings"])
        retry = {"maxRetries": given.get("maxretries"), "timeout": given.get("timeout")}
        changes["retrySettings"] = {name: value for name, value in retry.items() if value is not None}
        check_duration("retrySettings.timeout", changes["retrySettings"].get("timeout"))
