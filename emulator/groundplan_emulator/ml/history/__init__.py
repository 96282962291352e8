# SPDX-License-Identifier: Apache-2.0
"""The data plane of a workspace's runs: what azure-ai-ml asks of `{discovery.api}` besides ARM.

    GET  /discovery                                              where the services are; needs no token
    GET  /history/v1.0/{workspace}/runs/{run}[/details|/children]        also below /experiments/{name} and /experimentids/{id}
    PATCH, POST  .../runs/{run}                                  tags, display name, description, properties, hidden
    POST /history/v1.0/{workspace}/rundata, /batchrundata        runs with their outputs
    POST .../runs/{run}/cancel, .../runs:query                   end one; list
    POST /data/v1.0/{workspace}/dataversion/batchGetResolvedUris         where outputs are
    POST /modelregistry/v1.0/{workspace}/models/batchGetResolvedUris     where outputs that are models are

Every job is a run of the same name.

Differs from Azure:
- runs are not created here: only jobs bring them, and MLflow (which has its own plane)
- `runs:query` ignores filters but those for status and experiment
"""

from __future__ import annotations

import re
from typing import Any, Final

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.ml.history import assets, changes, runs
from groundplan_emulator.ml.jobs import states
from groundplan_emulator.store import Resource

_PATH: Final = re.compile(
    r"/(?P<plane>history|data|modelregistry)/v[\d.]+"
    r"(?P<workspace>/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.machinelearningservices/workspaces/[^/]+)"
    r"(?:/experiments/(?P<experiment>[^/]+)|/experimentids/[^/]+)?/(?P<rest>.+)",
    re.IGNORECASE,
)


def handle(ctx: Context) -> Response:
    """Answer a request of the plane."""
    if ctx.request.path.lower().startswith("/discovery"):
        return Response(200, _discovery(ctx))
    match = _PATH.fullmatch(ctx.request.path)
    if match is None:
        raise _unknown(ctx)
    if not ctx.request.headers.get("authorization", "").lower().startswith("bearer "):
        raise ArmError(
            401, "UserError", "Authentication failed: the header Authorization with a bearer token is missing."
        )
    workspace = ctx.get(match["workspace"])
    if workspace is None:
        name = match["workspace"].rsplit("/", 1)[1]
        raise ArmError(404, "UserError", f"There is no workspace '{name}'.")
    what = [part.lower() if at % 2 == 0 or at > 1 else part for at, part in enumerate(match["rest"].split("/"))]
    match match["plane"].lower(), ctx.request.method, what:
        case "history", "GET", ["runs", name]:
            return Response(200, runs.run(ctx, _job(ctx, workspace, name)))
        case "history", "GET", ["runs", name, "details"]:
            return Response(200, runs.details(ctx, _job(ctx, workspace, name)))
        case "history", "GET", ["runs", name, "children"]:
            return Response(200, runs.page(ctx, runs.children(ctx, _job(ctx, workspace, name))))
        case "history", ("PATCH" | "POST" | "PUT"), ["runs", name]:
            return Response(200, changes.change(ctx, _job(ctx, workspace, name)))
        case "history", ("PATCH" | "DELETE" | "POST"), ["runs", name, "tags"]:
            return Response(200, changes.tags(ctx, _job(ctx, workspace, name)))
        case "history", "POST", ["runs", name, "cancel"]:
            return Response(200, _cancel(ctx, _job(ctx, workspace, name)))
        case "history", "GET", ["runs", name, "serviceinstances", _]:
            _job(ctx, workspace, name)
            return Response(200, {"instances": {}})
        case "history", "POST", ["rundata"]:
            return Response(200, _data(ctx, workspace, ctx.request.json_object()))
        case "history", "POST", ["batchrundata"]:
            return Response(200, _batch(ctx, workspace))
        case "history", "POST", ["runs:query"]:
            return Response(200, runs.page(ctx, runs.query(ctx, workspace, match["experiment"])))
        case "data", "POST", ["dataversion", "batchgetresolveduris"]:
            return Response(200, assets.resolved(ctx, workspace, "uri"))
        case "modelregistry", "POST", ["models", "batchgetresolveduris"]:
            return Response(200, assets.resolved(ctx, workspace, "path"))
        case _:
            raise _unknown(ctx)


def _unknown(ctx: Context) -> ArmError:
    return ArmError(404, "UserError", f"The run history has no {ctx.request.method} {ctx.request.path}.")


def _discovery(ctx: Context) -> dict[str, str]:
    names = (
        "api",
        "catalog",
        "experimentation",
        "gallery",
        "history",
        "hyperdrive",
        "labeling",
        "modelmanagement",
        "notebooks",
    )
    return {**dict.fromkeys(names, ctx.settings.https), "studio": f"{ctx.settings.https}/studio"}


def _job(ctx: Context, workspace: Resource, name: str) -> Resource:
    job = ctx.get(f"{workspace.id}/jobs/{name}")
    if job is None:
        raise ArmError(404, "UserError", f"Run {name} was not found in workspace '{workspace.name}'.")
    return job


def _data(ctx: Context, workspace: Resource, asked: dict[str, Any]) -> dict[str, Any]:
    job = _job(ctx, workspace, str(asked.get("runId", "")))
    return {"runMetadata": runs.run(ctx, job), "runDefinition": None, "jobSpecification": None}


def _batch(ctx: Context, workspace: Resource) -> dict[str, Any]:
    names = [str(name) for name in ctx.request.json_object().get("runIds") or ()]
    found = {
        name: ctx.get(f"{workspace.id}/jobs/{ResourceId.parse(f'{workspace.id}/jobs/{name}').name}") for name in names
    }
    return {
        "runs": {name: {"runMetadata": runs.run(ctx, job)} for name, job in found.items() if job is not None},
        "errors": {
            name: {"error": {"code": "UserError", "message": f"Run {name} was not found."}}
            for name, job in found.items()
            if job is None
        },
    }


def _cancel(ctx: Context, job: Resource) -> dict[str, Any]:
    if states.ended(job):
        raise conflict("UserError", f"Run {job.name} has ended already: {states.status_of(job)}.")
    states.cancel(ctx, job)
    return runs.run(ctx, job)
