# SPDX-License-Identifier: Apache-2.0
"""Microsoft's own registry `azureml`, as far as it is here: its environments by name (`curated.py`), to read."""

from __future__ import annotations

import re
from typing import Any

from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.ml import curated

_ENVIRONMENTS = re.compile(
    r"environments(?:/(?P<name>[^/]+)(?P<versions>/versions(?:/(?P<version>[^/]+))?)?)?", re.IGNORECASE
)


def answer(method: str, rest: str) -> Response:
    """Answer a request below `.../registries/azureml/`."""
    if method != "GET":
        raise ArmError(
            403, "AuthorizationFailed", f"The registry '{curated.REGISTRY}' is Microsoft's: it can only be read."
        )
    match = _ENVIRONMENTS.fullmatch(rest)
    if match is None:
        raise ArmError(
            404, "ResourceNotFound", f"Of the registry '{curated.REGISTRY}' only environments are here, not '{rest}'."
        )
    if match["name"] is None:
        return Response(200, {"value": [_container(name) for name in curated.names()]})
    found = curated.version(match["name"], match["version"])
    if found is None:
        names = ", ".join(curated.names())
        raise ArmError(
            404,
            "ResourceNotFound",
            f"There is no curated environment '{match['name']}'. Those that are known are named like {names}.",
        )
    if match["version"]:
        return Response(200, found.body)
    return Response(200, {"value": [found.body]} if match["versions"] else _container(match["name"]))


def _container(name: str) -> dict[str, Any]:
    return {
        "id": f"azureml://registries/{curated.REGISTRY}/environments/{name}",
        "name": name,
        "type": curated.TYPE.rpartition("/")[0],
        "properties": {"latestVersion": "1", "nextVersion": "2", "isArchived": False, "properties": {}, "tags": {}},
    }
