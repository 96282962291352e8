# SPDX-License-Identifier: Apache-2.0
"""MLflow tracking of a workspace: `{workspace's mlFlowTrackingUri}/api/2.0/mlflow/...`, for the unmodified `mlflow` client.

Experiments, runs, metrics, parameters, tags and logged models are kept by MLflow's own server (`server`, `child`), one process for all
workspaces, started by the first request. Artifacts are blobs of the workspace's storage account (`artifacts`), registered models are the
workspace's model assets (`registry`): both have one place, whichever client wrote them. A client sends any bearer token
(`MLFLOW_TRACKING_TOKEN`).

For jobs: `begin_run` and `end_run` inside of a transaction, `await metrics_of(...)` for what was logged.

Differs from Azure:
- the tracking URI is `https://...` and needs no plug-in; Azure's `azureml://...` needs azureml-mlflow
- one experiment id of a workspace is `0`, as MLflow's client takes it for granted; Azure's are GUIDs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from groundplan_emulator.ml.tracking.runs import begin_run, end_run, uri
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    from groundplan_emulator.app import Azure

__all__ = ["begin_run", "end_run", "metrics_of", "uri"]


async def metrics_of(azure: Azure, workspace: Resource, run_id: str) -> dict[str, float]:
    """The last value of each metric of a run; empty where nothing was logged, or where there is no such run."""
    from groundplan_emulator.ml.tracking import calls

    return await calls.metrics_of(azure, workspace, run_id)
