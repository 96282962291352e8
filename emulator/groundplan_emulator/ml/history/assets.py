# SPDX-License-Identifier: Apache-2.0
"""Inputs and outputs of runs as assets, and where the files of those are."""

from __future__ import annotations

import re
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import references
from groundplan_emulator.ml.jobs.inputs import LITERAL, MODELS
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.store import Resource

_OUTPUT: Final = re.compile(
    r"azureml://locations/[^/]+/workspaces/[^/]+/data/azureml_(?P<job>.+)_output_data_(?P<name>.+)/versions/1"
)


def inputs(job: Resource) -> dict[str, dict[str, str]]:
    """The files that a run reads."""
    given: dict[str, dict[str, Any]] = job.properties.get("inputs") or {}
    return {
        name: {"assetId": str(each.get("uri", "")), "type": str(each.get("jobInputType"))}
        for name, each in given.items()
        if each.get("jobInputType") != LITERAL
    }


def outputs(workspace: Resource, job: Resource) -> dict[str, dict[str, str]]:
    """What a run writes, as unnamed assets."""
    stem = f"azureml://locations/{workspace.body.get('location')}/workspaces/{workspace.properties.get('workspaceId')}"
    places: dict[str, dict[str, str]] = job.private.get("outputs", {})
    return {
        name: {
            "assetId": f"{stem}/data/azureml_{job.name}_output_data_{name}/versions/1",
            "type": "uri_folder" if each["type"] in MODELS else each["type"],
        }
        for name, each in places.items()
    }


def resolved(ctx: Context, workspace: Resource) -> dict[str, Any]:
    """Where the assets of a request's `values` are; those that are not there are left out."""
    found: dict[str, dict[str, str]] = {}
    for id_ in ctx.request.json_object().get("values") or ():
        place = _place(ctx, workspace, str(id_))
        if place is not None:
            found[str(id_)] = {"uri": place[0], "type": place[1]}
    return {"values": found}


def _place(ctx: Context, workspace: Resource, id_: str) -> tuple[str, str] | None:
    match = _OUTPUT.fullmatch(id_)
    if match is not None:
        job = ctx.get(f"{workspace.id}/jobs/{match['job']}")
        output = (job.private.get("outputs") or {}).get(match["name"]) if job is not None else None
        return (_long(workspace, output["uri"]), output["type"]) if output else None
    try:
        properties = references.version(ctx, id_, workspace=workspace).properties
    except NotFoundError:
        return None
    uri, kind = properties.get("dataUri") or properties.get("modelUri"), properties.get("dataType")
    return (_long(workspace, str(uri)), str(kind or properties.get("modelType"))) if uri else None


def _long(workspace: Resource, uri: str) -> str:
    """The URI with its workspace, as Azure answers it."""
    segments = workspace.id.split("/")
    holder = f"azureml://subscriptions/{segments[2]}/resourcegroups/{segments[4]}/workspaces/{segments[8]}/datastores/"
    return holder + uri.removeprefix("azureml://datastores/") if uri.startswith("azureml://datastores/") else uri
