# SPDX-License-Identifier: Apache-2.0
"""MLflow's model registry over the workspace's model assets: whoever registers a model, both clients see it.

A registered model is the asset's container, a model version its version; tags and descriptions are the asset's, aliases are its labels,
stages its `stage`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

from groundplan_emulator.ml.tracking import calls, model_source, model_versions, registered_models
from groundplan_emulator.ml.tracking.assets import Models
from groundplan_emulator.ml.tracking.refusal import Refusal
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

_PATH: Final = re.compile(
    r"/api/[23]\.0/(?:preview/)?mlflow/(?P<wanted>(?:registered-models|model-versions)/[a-z-]+)/?"
)

Handler = Callable[[Models, dict[str, Any]], dict[str, Any]]
_HANDLERS: Final[dict[tuple[str, str], Handler]] = {
    ("POST", "registered-models/create"): registered_models.create,
    ("POST", "registered-models/rename"): registered_models.rename,
    ("PATCH", "registered-models/update"): registered_models.update,
    ("DELETE", "registered-models/delete"): registered_models.delete,
    ("GET", "registered-models/get"): registered_models.get,
    ("GET", "registered-models/search"): registered_models.search,
    ("POST", "registered-models/search"): registered_models.search,
    ("GET", "registered-models/get-latest-versions"): registered_models.latest_versions,
    ("POST", "registered-models/get-latest-versions"): registered_models.latest_versions,
    ("POST", "registered-models/set-tag"): registered_models.set_tag,
    ("DELETE", "registered-models/delete-tag"): registered_models.delete_tag,
    ("POST", "registered-models/alias"): registered_models.set_alias,
    ("DELETE", "registered-models/alias"): registered_models.delete_alias,
    ("GET", "registered-models/alias"): registered_models.by_alias,
    ("POST", "model-versions/create"): model_versions.create,
    ("PATCH", "model-versions/update"): model_versions.update,
    ("DELETE", "model-versions/delete"): model_versions.delete,
    ("GET", "model-versions/get"): model_versions.get,
    ("GET", "model-versions/search"): model_versions.search,
    ("POST", "model-versions/search"): model_versions.search,
    ("GET", "model-versions/get-download-uri"): model_versions.download_uri,
    ("POST", "model-versions/transition-stage"): model_versions.transition,
    ("POST", "model-versions/set-tag"): model_versions.set_tag,
    ("DELETE", "model-versions/delete-tag"): model_versions.delete_tag,
}
_READS: Final = ("registered-models/search", "registered-models/get-latest-versions", "model-versions/search")


def operation(path: str) -> str | None:
    """`registered-models/get` and the like, or None where a path is not the registry's."""
    match = _PATH.fullmatch(path)
    return match["wanted"] if match else None


async def answer(azure: Azure, workspace: Resource, method: str, wanted: str, values: dict[str, Any]) -> Response:
    """Answer one request to the registry, in one transaction."""
    handler = _HANDLERS.get((method, wanted))
    if handler is None:
        raise Refusal(404, "ENDPOINT_NOT_FOUND", f"The registry has no {method} {wanted}.")
    if wanted == "model-versions/create":
        values = await model_source.resolved(azure, workspace, values)
    if method == "GET" or wanted in _READS:
        found = handler(Models(calls.reading(azure), workspace), values)
    else:
        with azure.working() as ctx:
            found = handler(Models(ctx, workspace), values)
    return Response(orjson.dumps(found), media_type="application/json")
