# SPDX-License-Identifier: Apache-2.0
"""The step of a batch job: model, code, environment and input laid out in a folder, `driver.py` over the files, the output uploaded."""

from __future__ import annotations

import asyncio
import collections
import json
import os
import shutil
from pathlib import Path
from typing import Final

from groundplan_emulator.ml import environments, files, references, tracking
from groundplan_emulator.ml.batch import driver, mlflow_script
from groundplan_emulator.ml.batch.plans import ENTRY, OUTPUT, Plan
from groundplan_emulator.ml.environments import Needs, UnsolvableError
from groundplan_emulator.ml.jobs import inputs, log, outputs, snapshot, states, variables
from groundplan_emulator.ml.jobs.computes import id_of
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.planes.blob import rows
from groundplan_emulator.planes.blob.rows import Place

RESUMES: Final = True
"""What the emulator's end interrupted is scored again, from the first file on."""
MOST_WORKERS: Final = max(2, os.cpu_count() or 2)
"""Worker processes of one job, whatever its deployment's nodes and concurrency."""
_WORKING_FOLDERS: Final = ("logs", "outputs")


async def execute(run: Run) -> None:
    """Score the files of the input."""
    plan = Plan(**run.private["plan"])
    nodes = int((run.properties.get("resources") or {}).get("instanceCount") or 1)
    async with run.placed(id_of(run.id, run.properties.get("computeId")), nodes=nodes, size="Standard_DS3_v2"):
        await _on_node(run, plan, nodes)


async def _on_node(run: Run, plan: Plan, nodes: int) -> None:
    run.enter("Preparing")
    working, data, model = (run.folder / name for name in ("wd", "data", "model"))
    for folder in (*(working / name for name in _WORKING_FOLDERS), data, model, run.folder / "tmp"):
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    given = await inputs.lay_out(run, data)
    found = await asyncio.to_thread(_files, Path(given[ENTRY]), mlflow=not plan.script)
    made = outputs.lay_out(run, data)
    output = Path(made[OUTPUT])
    output = output if run.properties["outputs"][OUTPUT].get("jobOutputType") == "uri_file" else output / plan.file
    _refuse_existing(run, plan)
    model = await _model(run, plan, model)
    script = await _script(run, plan, working)
    python = await _interpreter(run, plan, model)
    env = _variables(run, python, given | made, {"AZUREML_MODEL_DIR": model, "AZUREML_BI_OUTPUT_PATH": output.parent})
    workers = min(plan.concurrency * nodes, MOST_WORKERS)
    path = run.folder / "plan.json"
    path.write_text(
        json.dumps(
            {
                "script": str(script),
                "files": [str(file) for file in found],
                "size": plan.size,
                "workers": workers,
                "retries": plan.retries,
                "timeout": plan.timeout,
                "threshold": plan.threshold,
                "append": plan.append,
                "output": str(output),
                "level": plan.level,
            }
        )
    )
    run.enter("Running")
    last: collections.deque[str] = collections.deque(maxlen=1)
    code = await run.process([str(python), driver.__file__, str(path)], cwd=working, env=env, heard=last.append)
    run.enter("Finalizing")
    await outputs.upload(run, data, working)
    with run.azure.working() as ctx:
        tracking.end_run(ctx, run.workspace(ctx), run.name, "FAILED" if code else "FINISHED")
    if code:
        said = last[0] if last else f"exit code {code}"
        raise JobError(said.removeprefix(driver.FAILED), exit_code=code)


def _files(entry: Path, *, mlflow: bool) -> list[Path]:
    """The files to score. For an MLflow model without a script: not those in folders, and all of types that can be read."""
    below = entry.glob("*") if mlflow else entry.rglob("*")
    found = [entry] if entry.is_file() else sorted(each for each in below if each.is_file())
    if not found:
        raise JobError("The input has no files" + (": folders inside of it are not looked into." if mlflow else "."))
    for file in found if mlflow else ():
        if file.suffix.lower() not in mlflow_script.TYPES:
            raise JobError(
                f"Error processing input file: '{file.name}'. File type '{file.suffix.lstrip('.')}' is not supported for MLflow models"
                f" without a scoring script; supported: {', '.join(sorted(mlflow_script.TYPES))}. Take it out, or write a scoring script."
            )
    return found


def _refuse_existing(run: Run, plan: Plan) -> None:
    with run.azure.working() as ctx:
        known = run.job(ctx).private["outputs"][OUTPUT]
        place = files.place(ctx, known["uri"], run.workspace(ctx))
        if known["type"] != "uri_file":
            place = Place(place.account, place.container, f"{place.name}/{plan.file}".lstrip("/"))
        first = run.private.get("attempt", 1) == 1  # a later one may find what an interrupted one wrote
        if plan.append and first and rows.find(ctx, place) is not None:
            raise JobError(
                f"Output already exists: '{known['uri']}' has the file '{place.name.rsplit('/', 1)[-1]}', and a batch job overwrites"
                " nothing. Name another path, or another output_file_name."
            )


async def _model(run: Run, plan: Plan, folder: Path) -> Path:
    """AZUREML_MODEL_DIR: below it the model's file, or its folder by name."""
    folder = folder / plan.model_name
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if not plan.model:
        return folder
    try:
        with run.azure.working() as ctx:
            source = files.place(ctx, plan.model, run.workspace(ctx))
        arrived = folder.parent / "arrived"
        made = await files.download(run.azure, source, arrived)
    except NotFoundError as error:
        raise JobError(f"The files of the model '{plan.model_name}' were not found: {error}.") from None
    name = source.name.rstrip("/").rsplit("/", 1)[-1] or "model"
    single = made == [arrived / name]
    await asyncio.to_thread(shutil.move, made[0] if single else arrived, folder / name)
    return folder


async def _script(run: Run, plan: Plan, working: Path) -> Path:
    reference = run.properties.get("codeId")
    if not plan.script or not reference:
        # a copy: what lies beside it here must not be imported there
        return Path(await asyncio.to_thread(shutil.copy, mlflow_script.__file__, working))
    await snapshot.download(run, str(reference), working)
    script = working / plan.script
    if not script.is_file():
        raise JobError(f"The scoring script '{plan.script}' is not in the deployment's code.")
    return script


async def _interpreter(run: Run, plan: Plan, model: Path) -> Path:
    reference = plan.environment
    try:
        if reference:
            with run.azure.working() as ctx:
                environment = references.version(ctx, reference, kind="environments", workspace=run.workspace(ctx))
            needs = environments.needs_of(environment)
        else:
            needs = await asyncio.to_thread(_needs_of_model, model)
        extra = () if plan.script else environments.MLFLOW
        return await environments.prepare(needs, extra, lambda line: run.say(line, file=log.BUILD))
    except NotFoundError as error:
        raise JobError(f"The environment '{reference}' was not found: {error}.") from None
    except UnsolvableError as error:
        raise JobError(f"The environment of the deployment could not be made: {error}") from None


def _needs_of_model(model: Path) -> Needs:
    for name in ("conda.yaml", "conda.yml"):
        for file in sorted(model.rglob(name)):
            return environments.needs_of_conda(file.read_text(encoding="utf-8"))
    return Needs()


def _variables(run: Run, python: Path, values: dict[str, str], own: dict[str, Path]) -> dict[str, str]:
    with run.azure.working() as ctx:
        job, workspace = run.job(ctx), run.workspace(ctx)
        tracked = tracking.begin_run(
            ctx,
            workspace,
            run.name,
            experiment=str(job.properties.get("experimentName", "")),
            name=str(job.properties.get("displayName") or run.name),
            parent=str(job.private.get("parent", "")),
            tags={},
        )
        of_job = variables.of_job(ctx, workspace, job, states.root_of(ctx, job))
    asked = {str(name): str(value) for name, value in (run.properties.get("environmentVariables") or {}).items()}
    return {
        **variables.of_machine(python, run.folder / "tmp"),
        **run.azure.settings.client_variables(),
        **of_job,
        **tracked,
        **variables.of_values(values, {}),
        **asked,
        **{name: str(path) for name, path in own.items()},
    }
