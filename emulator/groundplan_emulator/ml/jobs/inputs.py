# SPDX-License-Identifier: Apache-2.0
"""Inputs of a job: what they refer to, and as files in its folder."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import files, references
from groundplan_emulator.ml.jobs import web
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.references import NotFoundError
from groundplan_emulator.store import Resource

LITERAL: Final = "literal"
MODELS: Final = ("custom_model", "mlflow_model", "triton_model")
DIRECT: Final = "Direct"
READ_ONLY: Final = ("ReadOnlyMount", "EvalMount")


def uri_of(ctx: Context, workspace: Resource, given: dict[str, Any]) -> str:
    """Where the files of an input are: its URI, or that of the asset that it names. Raises `NotFoundError`."""
    uri = str(given.get("uri") or "")
    if references.parse(uri) is None:
        return uri
    kind = "models" if given.get("jobInputType") in MODELS else "data"
    found = references.version(ctx, uri, kind=kind, workspace=workspace)
    return str(found.properties.get("dataUri") or found.properties.get("modelUri") or "")


async def lay_out(run: Run, folder: Path) -> dict[str, str]:
    """Bring the job's inputs into a folder; what each stands for in the command. Raises `JobError` for one that is not found."""
    values: dict[str, str] = {}
    for name, given in (run.properties.get("inputs") or {}).items():
        kind, mode = given.get("jobInputType"), given.get("mode")
        if kind == LITERAL:
            values[name] = str(given.get("value", ""))
            continue
        try:
            with run.azure.working() as ctx:
                uri = uri_of(ctx, run.workspace(ctx), given)
            values[name] = uri if mode == DIRECT else await _files(run, name, given, uri, folder / f"INPUT_{name}")
        except NotFoundError as error:
            raise JobError(
                f"The input '{name}' ('{given.get('uri')}') was not found: {error}. Check its path or asset, and that it was uploaded."
            ) from None
    return values


async def _files(run: Run, name: str, given: dict[str, Any], uri: str, target: Path) -> str:
    """Bring the files of an input into a folder; the path of the file, or of the folder."""
    kind = given.get("jobInputType")
    with run.azure.working() as ctx:
        elsewhere = web.outside(ctx, uri)
        source = None if elsewhere else files.place(ctx, uri, run.workspace(ctx))
    if source is None:
        if kind != "uri_file":
            raise JobError(f"The input '{name}' is a {kind}, but '{uri}' is on the web: only a uri_file can be there.")
        made = [await web.fetch(uri, target)]
        single = True
    else:
        made = await files.download(run.azure, source, target)
        single = len(made) == 1 and made[0] == target / source.name.rsplit("/", 1)[-1]
    if kind == "uri_file" and not single:
        raise JobError(f"The input '{name}' is a uri_file, but there is a folder at '{uri}': make it a uri_folder.")
    if given.get("mode") is None or given["mode"] in READ_ONLY:
        await asyncio.to_thread(_protect, made)
    return str(made[0] if single and (kind == "uri_file" or kind in MODELS) else target)


def _protect(made: list[Path]) -> None:
    """What is mounted read-only cannot be written."""
    for file in made:
        file.chmod(0o444)
