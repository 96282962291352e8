# SPDX-License-Identifier: Apache-2.0
"""Where the files of a model version to be come from: what MLflow's client calls `source`, as a URI of the workspace's."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Final, cast

from groundplan_emulator.ml import files, references
from groundplan_emulator.ml.tracking import artifacts, calls, server
from groundplan_emulator.ml.tracking.refusal import invalid, missing
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_LOGGED: Final = re.compile(r"models:/(?P<id>m-[^/@]+)/?")
_REGISTERED: Final = re.compile(r"models:/(?P<name>[^/]+)/(?P<version>[^/@]+)/?")
_ALLOWED: Final = "runs:/RUN/PATH, models:/MODEL_ID, models:/NAME/VERSION and azureml://... URIs of this workspace"


async def resolved(azure: Azure, workspace: Resource, values: dict[str, Any]) -> dict[str, Any]:
    """The values of `model-versions/create` with `uri` (azureml://...), `flavors` and `type` of the files that are there."""
    source = str(values.get("source") or "")
    run = str(values.get("run_id") or "")
    wanted = source
    if match := _LOGGED.fullmatch(source):
        logged = await _logged_model(azure, workspace, match["id"])
        wanted, run = str(logged["artifact_uri"]), run or str(logged.get("source_run_id", ""))
    ctx = calls.reading(azure)
    if match := _REGISTERED.fullmatch(wanted):
        wanted = f"{artifacts.SCHEME}/{artifacts.REGISTERED}/{match['name']}/{match['version']}"
    if wanted.startswith(f"{artifacts.SCHEME}/{artifacts.REGISTERED}/"):
        name, _, version = wanted.removeprefix(f"{artifacts.SCHEME}/{artifacts.REGISTERED}/").partition("/")
        try:
            model = references.version(ctx, f"{name}:{version}", kind="models", workspace=workspace)
        except references.NotFoundError as error:
            raise missing(f"The source '{source}' is not there: {error}.") from None
        uri = str(model.properties.get("modelUri", ""))
    elif wanted.startswith(f"{artifacts.SCHEME}/"):
        path = artifacts.name_in_store(wanted.removeprefix(artifacts.SCHEME))
        uri = files.uri_of(artifacts.store_of(ctx, workspace), path)
    elif wanted.startswith("azureml:"):
        uri = wanted
    else:
        raise invalid(f"The source '{source}' cannot be registered; allowed: {_ALLOWED}.")
    try:
        place = files.place(ctx, uri, workspace)
    except references.NotFoundError as error:
        raise invalid(f"The source '{source}' cannot be registered: {error}.") from None
    described = await asyncio.to_thread(_description, azure, place)
    if described is None:
        raise missing(f"The source '{source}' has no files: log the model before it is registered.")
    return {
        **values,
        "uri": uri,
        "run_id": run,
        "flavors": described,
        "type": "mlflow_model" if described else "custom_model",
    }


async def _logged_model(azure: Azure, workspace: Resource, model_id: str) -> dict[str, Any]:
    client = await calls.ready(azure, workspace)
    path = f"/api/2.0/mlflow/logged-models/{model_id}"
    found = await calls.call(client, server.name_of(workspace), "GET", path, {})
    return cast("dict[str, Any]", found["model"]["info"])


def _description(azure: Azure, place: Place) -> dict[str, Any] | None:
    """The flavours that the `MLmodel` file names, `{}` where there is none; None where there are no files."""
    with azure.store.reader() as connection:
        if not files.names(connection, place):
            return None
        name = f"{place.name.rstrip('/')}/MLmodel"
        content = artifacts.content_of(connection, Place(place.account, place.container, name))
    return flavors(content) if content is not None else {}


def flavors(content: bytes) -> dict[str, Any]:
    """The flavours of an `MLmodel` file, in ARM's form: `{name: {"data": {key: text}}}`; empty where it is none."""
    from ruamel.yaml import YAML, YAMLError

    try:
        described: object = YAML(typ="safe", pure=True).load(content.decode("utf-8", "replace"))
    except YAMLError:
        return {}
    found = described.get("flavors") if isinstance(described, dict) else None
    if not isinstance(found, dict):
        return {}
    named = cast("dict[str, Any]", found)
    return {
        str(name): {"data": {str(key): str(value) for key, value in given.items()}}
        for name, given in named.items()
        if isinstance(given, dict)
    }
