# SPDX-License-Identifier: Apache-2.0
"""Runs that jobs bring: nothing is started for a job that never speaks to MLflow, and the run is there for one that does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from groundplan_emulator.app import Azure
from groundplan_emulator.clock import Clock
from groundplan_emulator.ml import tracking
from groundplan_emulator.ml.tracking import calls, server
from groundplan_emulator.settings import Identity, Settings
from groundplan_emulator.store import Resource, Store
from groundplan_emulator.types.machine_learning_services.service import WORKSPACES

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/jobs-ws"


@asynccontextmanager
async def emulator(folder: Path) -> AsyncGenerator[tuple[Azure, Resource]]:
    """An emulator without listeners, which knows a workspace."""
    folder.mkdir(exist_ok=True)
    store = Store(folder / "state.db")
    azure = Azure(Settings(folder, 1, 2, Identity.load(folder)), store, Clock("instant"))
    workspace = Resource(ID, WORKSPACES, "jobs-ws", {"name": "jobs-ws", "type": WORKSPACES})
    with azure.working() as ctx:
        ctx.save(workspace)
    try:
        yield azure, workspace
    finally:
        await server.of(azure).stop()
        store.close()


def test_a_job_that_logs_nothing_starts_nothing(tmp_path: Path):
    async def go() -> None:
        async with emulator(tmp_path) as (azure, workspace):
            with azure.working() as ctx:
                given = tracking.begin_run(ctx, workspace, "quiet_job")
            assert given["MLFLOW_RUN_ID"] == "quiet_job"
            assert given["MLFLOW_EXPERIMENT_NAME"] == "Default"
            assert given["MLFLOW_TRACKING_URI"].endswith(f"/mlflow/v1.0{ID}")
            assert await tracking.metrics_of(azure, workspace, "quiet_job") == {}
            assert not server.of(azure).folder.exists()

    asyncio.run(go())


def test_a_run_has_the_jobs_name_and_ends_with_it(tmp_path: Path):
    """Told before the first request that could see it, and again whenever something changed; a restart tells nothing twice."""

    async def run_of(azure: Azure, workspace: Resource, run: str) -> dict[str, object]:
        client = await calls.ready(azure, workspace)
        found = await calls.call(client, server.name_of(workspace), "GET", "/api/2.0/mlflow/runs/get", {"run_id": run})
        tags = {tag["key"]: tag["value"] for tag in found["run"]["data"].get("tags", [])}
        return {**found["run"]["info"], "tags": tags}

    async def go() -> None:
        async with emulator(tmp_path) as (azure, workspace):
            with azure.working() as ctx:
                tracking.begin_run(ctx, workspace, "sweep_1", experiment="grid", name="the sweep")
                tracking.begin_run(ctx, workspace, "sweep_1_0", experiment="grid", parent="sweep_1", tags={"a": "b"})
            child = await run_of(azure, workspace, "sweep_1_0")
            assert (child["status"], child["tags"]) == (
                "RUNNING",
                {"a": "b", "mlflow.parentRunId": "sweep_1", "mlflow.runName": "sweep_1_0"},
            )
            assert str(child["artifact_uri"]).endswith("/sweep_1_0/artifacts")
            assert (await run_of(azure, workspace, "sweep_1"))["run_name"] == "the sweep"
            client = await calls.ready(azure, workspace)
            body = {"run_id": "sweep_1_0", "key": "auc", "value": 0.75, "timestamp": 1}
            await calls.call(client, server.name_of(workspace), "POST", "/api/2.0/mlflow/runs/log-metric", body)
            with azure.working() as ctx:
                tracking.end_run(ctx, workspace, "sweep_1_0", "FAILED")
            assert await tracking.metrics_of(azure, workspace, "sweep_1_0") == {"auc": 0.75}

        async with emulator(tmp_path) as (azure, workspace):
            assert (await run_of(azure, workspace, "sweep_1_0"))["status"] == "FAILED"
            with azure.working() as ctx:
                tracking.end_run(ctx, workspace, "sweep_1", "FINISHED")
                tracking.begin_run(ctx, workspace, "late")
                tracking.end_run(ctx, workspace, "late", "KILLED")
            ended = await run_of(azure, workspace, "sweep_1")
            assert ended["status"] == "FINISHED"
            assert int(str(ended["end_time"])) >= int(str(ended["start_time"]))
            assert (await run_of(azure, workspace, "late"))["status"] == "KILLED"
            assert await tracking.metrics_of(azure, workspace, "nobody") == {}

    asyncio.run(go())
