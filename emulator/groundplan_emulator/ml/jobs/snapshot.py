# SPDX-License-Identifier: Apache-2.0
"""The snapshot of code that a job runs."""

from __future__ import annotations

from pathlib import Path

from groundplan_emulator.ml import files, references
from groundplan_emulator.ml.jobs.run import JobError, Run
from groundplan_emulator.ml.references import NotFoundError


async def download(run: Run, reference: str, folder: Path) -> None:
    """Lay the files of a version of code out in a folder. Raises `JobError` where they are not there."""
    try:
        with run.azure.working() as ctx:
            workspace = run.workspace(ctx)
            version = references.version(ctx, reference, kind="codes", workspace=workspace)
            source = files.place(ctx, str(version.properties.get("codeUri")), workspace)
        await files.download(run.azure, source, folder)
    except NotFoundError as error:
        raise JobError(f"The code '{reference}' was not found: {error}.") from None
