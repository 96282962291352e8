# SPDX-License-Identifier: Apache-2.0
"""Outputs of a job: folders that it writes to, uploaded where their paths say, and registered where they have names."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import lifecycle
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import ArmError
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.ml import files
from groundplan_emulator.ml.jobs import placeholders
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.inputs import DIRECT, MODELS
from groundplan_emulator.ml.jobs.run import Run, artifacts
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

DATASTORE: Final = "workspaceblobstore"
ARTIFACT_FOLDERS: Final = ("outputs", "logs")
"""Folders below the working folder that become artifacts of the run."""


def places(job: Resource) -> dict[str, dict[str, str]]:
    """Where the outputs of a job go: name, `uri` and `type`. Known before it runs."""
    found: dict[str, dict[str, str]] = {}
    default = str(job.private.get("datastore") or DATASTORE)
    for name, given in (job.properties.get("outputs") or {}).items():
        path = str((given or {}).get("uri") or "")
        kind = str((given or {}).get("jobOutputType") or "uri_folder")
        slash = "" if kind == "uri_file" else "/"
        path = path or f"azureml://datastores/{default}/paths/azureml/{job.name}/{name}{slash}"
        known = {"name": job.name, "output_name": name, "default_datastore": default}
        found[name] = {"uri": placeholders.resolve(path, known, f"The path of output '{name}'"), "type": kind}
    return found


def lay_out(run: Run, folder: Path) -> dict[str, str]:
    """Make the folders of the job's outputs and note where they will go; what each stands for in the command.

    Raises `JobError` for a place that is not there.
    """
    values: dict[str, str] = {}
    with run.azure.working() as ctx:
        job, workspace = run.job(ctx), run.workspace(ctx)
        found = places(job)
        for name, output in found.items():
            try:
                files.place(ctx, output["uri"], workspace)
            except NotFoundError as error:
                raise JobError(f"The output '{name}' cannot go to '{output['uri']}': {error}.") from None
        job.private["outputs"] = found
        ctx.save(job)
    for name, output in found.items():
        if (run.properties["outputs"][name] or {}).get("mode") == DIRECT:
            values[name] = output["uri"]
            continue
        target = folder / name
        (target.parent if output["type"] == "uri_file" else target).mkdir(parents=True, exist_ok=True)
        values[name] = str(target)
    return values


async def upload(run: Run, folder: Path, working: Path) -> None:
    """Write what the job left in its outputs, and its artifacts, into the store. Raises `JobError` where that has gone."""
    try:
        await _upload(run, folder, working)
    except NotFoundError as error:
        raise JobError(f"The job's files could not be written: {error}.") from None


async def _upload(run: Run, folder: Path, working: Path) -> None:
    with run.azure.working() as ctx:
        job, workspace = run.job(ctx), run.workspace(ctx)
        targets = {
            name: files.place(ctx, output["uri"], workspace) for name, output in job.private.get("outputs", {}).items()
        }
        below = artifacts(ctx, workspace, run.name)
    for name, target in targets.items():
        source = folder / name
        if source.is_file():
            await _one(run, source, target)
        elif source.is_dir():
            await _folder(run, source, target)
    for name in ARTIFACT_FOLDERS:
        if (working / name).is_dir():
            await _folder(run, working / name, Place(below.account, below.container, f"{below.name}/{name}"))


async def _folder(run: Run, source: Path, target: Place) -> None:
    for file in await asyncio.to_thread(lambda: sorted(each for each in source.rglob("*") if each.is_file())):
        name = "/".join(part for part in (target.name.rstrip("/"), file.relative_to(source).as_posix()) if part)
        await _one(run, file, Place(target.account, target.container, name))


async def _one(run: Run, source: Path, target: Place) -> None:
    data = await asyncio.to_thread(source.read_bytes)
    with run.azure.working() as ctx:
        files.write(ctx, target, data)


def unnamed(given: dict[str, Any] | None) -> dict[str, Any]:
    """Outputs without the names under which they are registered: for a job that another one registers them for."""
    return {
        name: {key: value for key, value in (each or {}).items() if key not in ("assetName", "assetVersion")}
        for name, each in (given or {}).items()
    }


def register(run: Run) -> None:
    """Make versions of the outputs that have a name of their own (`assetName`). Raises `JobError` where that is refused."""
    with run.azure.working() as ctx:
        job, workspace = run.job(ctx), run.workspace(ctx)
        for name, output in job.private.get("outputs", {}).items():
            given: dict[str, Any] = job.properties["outputs"][name] or {}
            if given.get("assetName"):
                try:
                    _version(ctx, workspace, job, given, output)
                except ArmError as error:
                    raise JobError(f"The output '{name}' could not be registered: {error.message}") from None


def _version(ctx: Context, workspace: Resource, job: Resource, given: dict[str, Any], output: dict[str, str]) -> None:
    model = output["type"] in MODELS
    kind = "models" if model else "data"
    container = f"{workspace.id}/{kind}/{given['assetName']}"
    numbers = [
        int(each.name) for each in ctx.children(container, f"{WORKSPACES}/{kind}/versions") if each.name.isdigit()
    ]
    version = given.get("assetVersion") or str(max(numbers, default=0) + 1)
    id_ = ResourceId.parse(f"{container}/versions/{version}")
    armtype = ctx.registry.find(id_.type, id_.id)
    if armtype is None:
        raise JobError(f"Nothing keeps {kind} here.", code="ServiceError")
    names = ("modelUri", "modelType") if model else ("dataUri", "dataType")
    properties = {names[0]: output["uri"], names[1]: output["type"], "description": given.get("description") or ""}
    if model:
        properties["jobName"] = job.name
    request = Request("PUT", id_.id, "api-version=service", {}, b"", ctx.settings.https)
    inner = Context(ctx.store, ctx.clock, ctx.settings, ctx.registry, request)
    made = lifecycle.prepare(inner, armtype, id_, {"properties": properties}, ctx.get(id_.key))
    ctx.store.put(made, id_.parent_id)
    armtype.written(inner, made, created=True)
