# SPDX-License-Identifier: Apache-2.0
"""Runs that jobs bring: written down with the job, told to MLflow's server before the first request that could see them.

A job that never speaks to MLflow costs no server. The row says what the run shall be, and what the server was told of it, so that a
restart goes on where it was.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import orjson

from groundplan_emulator import identity
from groundplan_emulator.arm.context import Context
from groundplan_emulator.settings import Settings
from groundplan_emulator.store import Resource

Status = Literal["FINISHED", "FAILED", "KILLED"]
DEFAULT_EXPERIMENT: Final = "Default"


def uri(settings: Settings, workspace: Resource) -> str:
    """The tracking URI of a workspace, for any MLflow client that has `MLFLOW_TRACKING_TOKEN`."""
    return f"{settings.https}/mlflow/v1.0{workspace.id}"


def begin_run(
    ctx: Context,
    workspace: Resource,
    run_id: str,
    *,
    experiment: str = "",
    name: str = "",
    parent: str = "",
    tags: dict[str, str] | None = None,
) -> dict[str, str]:
    """Let a job have a run of this id (the job's name, as on Azure); the environment variables for its processes.

    Inside of a transaction. A run that is there already goes on. `parent`: the run id of the pipeline or sweep that it belongs to.
    """
    row = _row(ctx, workspace, run_id) or {"started": int(ctx.clock.now() * 1000), "name": name or run_id}
    row |= {"experiment": experiment or DEFAULT_EXPERIMENT, "status": "RUNNING", "ended": None}
    row["tags"] = {**(tags or {}), **({"mlflow.parentRunId": parent} if parent else {})}
    _put(ctx, workspace, run_id, row)
    return {
        "MLFLOW_TRACKING_URI": uri(ctx.settings, workspace),
        "MLFLOW_TRACKING_TOKEN": identity.token(ctx.settings, ctx.clock, "https://ml.azure.com"),
        "MLFLOW_EXPERIMENT_NAME": row["experiment"],
        "MLFLOW_RUN_ID": run_id,
        "REQUESTS_CA_BUNDLE": str(ctx.settings.folder / "bundle.pem"),
    }


def end_run(ctx: Context, workspace: Resource, run_id: str, status: Status) -> None:
    """The job has ended, and with it its run. Inside of a transaction; nothing happens where the job has no run."""
    row = _row(ctx, workspace, run_id)
    if row is not None:
        _put(ctx, workspace, run_id, {**row, "status": status, "ended": int(ctx.clock.now() * 1000)})


def known(ctx: Context, workspace: Resource, run_id: str) -> bool:
    """Whether MLflow's server was told of a run: before, nobody can have logged anything to it."""
    found = ctx.store.database.execute(
        "SELECT told IS NOT NULL FROM mlflow_runs WHERE workspace = ? AND run = ?", (workspace.key, run_id)
    ).fetchone()
    return found is None or bool(found[0])


def untold(ctx: Context, workspace: Resource) -> list[tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """Runs of which the server knows less than it should: id, what it shall be, what the server was told. Parents come first."""
    found = ctx.store.database.execute(
        "SELECT run, wanted, told FROM mlflow_runs WHERE workspace = ? AND told IS NOT wanted", (workspace.key,)
    ).fetchall()
    rows = [(run, orjson.loads(wanted), orjson.loads(told) if told else None) for run, wanted, told in found]
    return sorted(rows, key=lambda row: (row[1]["started"], "mlflow.parentRunId" in row[1]["tags"], row[0]))


def told(ctx: Context, workspace: Resource, run_id: str, row: dict[str, Any]) -> None:
    """The server knows this of a run now."""
    ctx.store.database.execute(
        "UPDATE mlflow_runs SET told = ? WHERE workspace = ? AND run = ?", (_dumps(row), workspace.key, run_id)
    )


def _row(ctx: Context, workspace: Resource, run_id: str) -> dict[str, Any] | None:
    found = ctx.store.database.execute(
        "SELECT wanted FROM mlflow_runs WHERE workspace = ? AND run = ?", (workspace.key, run_id)
    ).fetchone()
    return orjson.loads(found[0]) if found else None


def _put(ctx: Context, workspace: Resource, run_id: str, row: dict[str, Any]) -> None:
    ctx.store.database.execute(
        "INSERT INTO mlflow_runs (workspace, run, wanted) VALUES (?, ?, ?)"
        " ON CONFLICT (workspace, run) DO UPDATE SET wanted = excluded.wanted",
        (workspace.key, run_id, _dumps(row)),
    )


def _dumps(row: dict[str, Any]) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
