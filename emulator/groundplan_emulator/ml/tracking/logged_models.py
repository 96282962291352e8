# SPDX-License-Identifier: Apache-2.0
"""Where the models are that clients of MLflow 3 log: beside the artifacts of the run that names them, as `runs:/RUN/NAME`."""

from __future__ import annotations

import contextlib
import sqlite3

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import files, places
from groundplan_emulator.ml.tracking import artifacts, server
from groundplan_emulator.planes.blob.rows import Place
from groundplan_emulator.store import Resource

_NEWEST = """
    SELECT model.artifact_location FROM logged_models AS model JOIN experiments AS experiment USING (experiment_id)
    WHERE experiment.workspace = ? AND model.source_run_id = ? AND model.name = ? AND model.lifecycle_stage = 'active'
    ORDER BY model.creation_timestamp_ms DESC LIMIT 1
"""


def found(ctx: Context, workspace: Resource, run: str, artifact: Place) -> Place | None:
    """The place in a run's newest logged model that an artifact's place of the run speaks of; None where it speaks of none.

    MLflow's database is read without its server: what registers a model cannot wait for that.
    """
    root = f"{places.ARTIFACTS[1].format(job=run)}/"
    name, _, rest = artifact.name.removeprefix(root).partition("/")
    database = server.database_of(ctx.settings)
    if not artifact.name.startswith(root) or not name or not database.exists():
        return None
    with contextlib.closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        row = connection.execute(_NEWEST, (server.name_of(workspace), run, name)).fetchone()
    if row is None:
        return None
    kept = artifacts.name_in_store(str(row[0]).removeprefix(artifacts.SCHEME))
    uri = files.uri_of(artifacts.store_of(ctx, workspace), f"{kept}/{rest}".rstrip("/"))
    return files.place(ctx, uri, workspace)
