# SPDX-License-Identifier: Apache-2.0
"""Command jobs: environment, code, inputs and outputs laid out in a folder, the command in a shell, what it left behind uploaded.

The layout is Azure's: the working folder is `exe/wd`, inputs and outputs are below `cap/data-capability/wd`.
"""

from __future__ import annotations

import asyncio
import collections
import os
import shutil
from pathlib import Path
from typing import Any, Final

from groundplan_emulator.ml import environments, references, tracking
from groundplan_emulator.ml.environments import UnsolvableError
from groundplan_emulator.ml.jobs import durations, inputs, log, outputs, pip, placeholders, snapshot, states, variables
from groundplan_emulator.ml.jobs.computes import id_of
from groundplan_emulator.ml.jobs.executors import JobError, JobTimeoutError
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.references import NotFoundError

SERVERLESS_SIZE: Final = "Standard_DS3_v2"
_LAST_LINES: Final = 8
_LOOK_SECONDS: Final = 0.2


async def execute(run: Run) -> None:
    """Run a command job."""
    resources: dict[str, Any] = run.properties.get("resources") or {}
    count = int(resources.get("instanceCount") or 1)
    compute = id_of(run.id, run.properties.get("computeId"))
    async with run.placed(compute, nodes=count, size=resources.get("instanceType") or SERVERLESS_SIZE):
        await _on_node(run)
    outputs.register(run)


async def _on_node(run: Run) -> None:
    run.enter("Preparing")
    working, data = run.folder / "exe" / "wd", run.folder / "cap" / "data-capability" / "wd"
    for folder in (*(working / name for name in outputs.ARTIFACT_FOLDERS), data, run.folder / "tmp"):
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    python = await _interpreter(run)
    if reference := run.properties.get("codeId"):
        await snapshot.download(run, str(reference), working)
    given = await inputs.lay_out(run, data)
    made = outputs.lay_out(run, data)
    own = await asyncio.to_thread(pip.lay_out, python, run.folder / "pip")
    env = _environment(run, python, own, variables.of_values(given, made))
    values = {f"inputs.{name}": value for name, value in given.items()}
    values |= {f"outputs.{name}": value for name, value in made.items()}
    values |= {f"search_space.{name}": str(value) for name, value in run.private.get("sample", {}).items()}
    command = placeholders.resolve(str(run.properties.get("command", "")), values)
    run.enter("Running")
    last: collections.deque[str] = collections.deque(maxlen=_LAST_LINES)
    try:
        code = await _limited(run, command, working, env, last)
    except JobTimeoutError:
        await _finish(run, data, working)
        raise
    await _finish(run, data, working)
    if code != 0:
        said = "\n".join(last)
        first = command.split()[0] if command.split() else command
        raise JobError(
            f"Execution failed. User process '{first}' exited with status code {code}. Please check log file '{log.STANDARD}' for error"
            f" details. Error: {said}",
            exit_code=code,
        )


async def _finish(run: Run, data: Path, working: Path) -> None:
    run.enter("Finalizing")
    await outputs.upload(run, data, working)


async def _limited(run: Run, command: str, working: Path, env: dict[str, str], last: collections.deque[str]) -> int:
    """Run the command, but not longer than the job's limit by the emulator's clock."""
    shell = shutil.which("bash") or "sh"
    process = asyncio.create_task(run.process([shell, "-c", command], cwd=working, env=env, heard=last.append))
    seconds = limit_of(run.properties)
    began = run.azure.clock.now()
    try:
        while not process.done():
            await asyncio.wait({process}, timeout=_LOOK_SECONDS)
            if seconds is not None and not process.done() and run.azure.clock.now() - began >= seconds:
                raise JobTimeoutError(
                    f"The job ran longer than its limit of {seconds:.0f} s (limits.timeout) and was canceled."
                )
    finally:
        if not process.done():
            process.cancel()
            await asyncio.gather(process, return_exceptions=True)
    return process.result()


def limit_of(properties: dict[str, Any]) -> float | None:
    """Seconds that a job may run, or None."""
    return durations.seconds((properties.get("limits") or {}).get("timeout"))


async def _interpreter(run: Run) -> Path:
    with run.azure.working() as ctx:
        reference = run.properties.get("environmentId")
        try:
            environment = (
                references.version(ctx, reference, kind="environments", workspace=run.workspace(ctx))
                if reference
                else None
            )
        except NotFoundError as error:
            raise JobError(f"The environment '{reference}' was not found: {error}.") from None
    try:
        needs = environments.needs_of(environment)
        return await environments.prepare(needs, (), lambda line: run.say(line, file=log.BUILD))
    except UnsolvableError as error:
        raise JobError(f"The environment '{reference}' could not be made: {error} Its log is '{log.BUILD}'.") from None


def _environment(run: Run, python: Path, installing: dict[str, str], values: dict[str, str]) -> dict[str, str]:
    with run.azure.working() as ctx:
        job, workspace = run.job(ctx), run.workspace(ctx)
        parent = str(job.private.get("parent", ""))
        tracked = tracking.begin_run(
            ctx,
            workspace,
            run.name,
            experiment=str(job.properties.get("experimentName", "")),
            name=str(job.properties.get("displayName") or run.name),
            parent=parent,
            tags={str(name): str(value) for name, value in (job.properties.get("tags") or {}).items()},
        )
        root = states.root_of(ctx, job)
        own = variables.of_job(ctx, workspace, job, root) | variables.of_distribution(job)
    asked = {str(name): str(value) for name, value in (run.properties.get("environmentVariables") or {}).items()}
    machine = variables.of_machine(python, run.folder / "tmp")
    found = {
        **machine,
        "PATH": os.pathsep.join((installing["PATH"], machine["PATH"])),
        **run.azure.settings.client_variables(),
        **own,
        **tracked,
        **values,
        **asked,
    }
    searched = (asked.get("PYTHONPATH"), installing["PYTHONPATH"])
    return {**found, "PYTHONPATH": os.pathsep.join(each for each in searched if each)}
