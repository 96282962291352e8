# SPDX-License-Identifier: Apache-2.0
"""The data plane of a workspace's runs: what azure-ai-ml asks of `{discovery.api}` besides ARM.

    GET  /discovery                                              where the services are; needs no token
    GET  /history/v1.0/{workspace}/runs/{run}[/details|/children]        also below /experiments/{name} and /experimentids/{id}
    PATCH, POST  .../runs/{run}                                  tags, display name, description, properties, hidden
    POST /history/v1.0/{workspace}/rundata, /batchrundata        runs with their outputs
    POST .../runs/{run}/cancel, .../runs:query                   end one; list
    POST /data/v1.0/{workspace}/dataversion/batchGetResolvedUris         where outputs are

Every job is a run of the same name.

Differs from Azure:
- runs are not created here: only jobs bring them, and MLflow (which has its own plane)
- the first look at the details of a run that ended less than a minute ago finds it Finalizing: a job is over here before a client that
  has just submitted it can look, and would not stream its log
- an output that is a model is reported as a folder of data: azure-ai-ml 1.35 cannot download what is reported as a model
- `runs:query` ignores filters but those for status and experiment
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError, conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.ml.history import assets, changes, runs
from groundplan_emulator.ml.jobs import states
from groundplan_emulator.store import Resource

Answer = Callable[[Context, Resource, str], Any]
"""(context, workspace, the run's name or else the experiment's) -> body."""
_PATH: Final = re.compile(
    r"/(?P<plane>history|data)/v[\d.]+"
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
    for plane, methods, pattern, answer in _ROUTES:
        found = pattern.fullmatch(match["rest"])
        if plane == match["plane"].lower() and ctx.request.method in methods and found is not None:
            return Response(
                200, answer(ctx, workspace, unquote(found[1]) if found.re.groups else match["experiment"] or "")
            )
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


def _data(ctx: Context, workspace: Resource) -> dict[str, Any]:
    job = _job(ctx, workspace, str(ctx.request.json_object().get("runId", "")))
    return {"runMetadata": runs.run(ctx, job), "runDefinition": None, "jobSpecification": None}


def _batch(ctx: Context, workspace: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name in map(str, ctx.request.json_object().get("runIds") or ()):
        job = ctx.get(f"{workspace.id}/jobs/{name}")
        if job is not None:
            found[name] = {"runMetadata": runs.run(ctx, job)}
        else:
            errors[name] = {"error": {"code": "UserError", "message": f"Run {name} was not found."}}
    return {"runs": found, "errors": errors}


def _cancel(ctx: Context, job: Resource) -> dict[str, Any]:
    if states.ended(job):
        raise conflict("UserError", f"Run {job.name} has ended already: {states.status_of(job)}.")
    states.cancel(ctx, job)
    return runs.run(ctx, job)


def _of_job(answer: Callable[[Context, Resource], Any]) -> Answer:
    return lambda ctx, workspace, name: answer(ctx, _job(ctx, workspace, name))


def _route(
    plane: str, methods: str, pattern: str, answer: Answer
) -> tuple[str, tuple[str, ...], re.Pattern[str], Answer]:
    return plane, tuple(methods.split()), re.compile(pattern, re.IGNORECASE), answer


_ROUTES: Final = (
    _route("history", "GET", r"runs/([^/]+)", _of_job(runs.run)),
    _route("history", "GET", r"runs/([^/]+)/details", _of_job(runs.details)),
    _route(
        "history", "GET", r"runs/([^/]+)/children", _of_job(lambda ctx, job: runs.page(ctx, runs.children(ctx, job)))
    ),
    _route("history", "PATCH POST PUT", r"runs/([^/]+)", _of_job(changes.change)),
    _route("history", "PATCH POST DELETE", r"runs/([^/]+)/tags", _of_job(changes.tags)),
    _route("history", "POST", r"runs/([^/]+)/cancel", _of_job(_cancel)),
    _route("history", "GET", r"runs/([^/]+)/serviceinstances/\d+", _of_job(lambda _ctx, _job: {"instances": {}})),
    _route("history", "POST", r"rundata", lambda ctx, workspace, _: _data(ctx, workspace)),
    _route("history", "POST", r"batchrundata", lambda ctx, workspace, _: _batch(ctx, workspace)),
    _route(
        "history", "POST", r"runs:query", lambda ctx, workspace, name: runs.page(ctx, runs.query(ctx, workspace, name))
    ),
    _route(
        "data",
        "POST",
        r"dataversion/batchGetResolvedUris",
        lambda ctx, workspace, _: assets.resolved(ctx, workspace),
    ),
)
