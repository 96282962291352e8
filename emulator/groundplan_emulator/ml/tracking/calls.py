# SPDX-License-Identifier: Apache-2.0
"""Calls of the emulator's own to MLflow's server, for a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Request
from groundplan_emulator.ml.tracking import runs, server
from groundplan_emulator.store import Resource

if TYPE_CHECKING:
    import httpx

    from groundplan_emulator.app import Azure

HEADER: Final = "X-MLFLOW-WORKSPACE"
_API: Final = "/api/2.0/mlflow"


class CallError(Exception):
    """MLflow's server refused; `answer` is its JSON (`error_code`, `message`)."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        super().__init__(str(answer.get("message") or f"MLflow's server answered {status}"))
        self.status = status
        self.answer = answer

    @property
    def code(self) -> str:
        """MLflow's error code, or ''."""
        return str(self.answer.get("error_code", ""))


def reading(azure: Azure) -> Context:
    """A context for reading alone: without a transaction, nobody who waits for changes wakes."""
    request = Request("GET", "/", "", {}, b"", azure.settings.https)
    return Context(azure.store, azure.clock, azure.settings, azure.registry, request)


async def ready(azure: Azure, workspace: Resource) -> httpx.AsyncClient:
    """A client of the server, which knows the workspace and all runs of its jobs by then. Raises `server.UnavailableError`."""
    child = server.of(azure)
    client = await child.client()
    name = server.name_of(workspace)
    if name not in child.ready:
        await _introduce(client, child, name)
    async with child.telling:
        await _tell_runs(azure, client, workspace)
    return client


async def _introduce(client: httpx.AsyncClient, child: server.Server, name: str) -> None:
    try:
        await call(client, "", "POST", "/api/3.0/mlflow/workspaces", {"name": name})
    except CallError as error:
        if error.code != "RESOURCE_ALREADY_EXISTS":
            raise
    child.ready[name] = await _experiment(client, name, runs.DEFAULT_EXPERIMENT)


async def _experiment(client: httpx.AsyncClient, name: str, experiment: str) -> str:
    """The id of an experiment, made where it is not there; a deleted one is restored."""
    try:
        made = await call(client, name, "POST", f"{_API}/experiments/create", {"name": experiment})
        return str(made["experiment_id"])
    except CallError as error:
        if error.code != "RESOURCE_ALREADY_EXISTS":
            raise
    found = await call(client, name, "GET", f"{_API}/experiments/get-by-name", {"experiment_name": experiment})
    id_ = str(found["experiment"]["experiment_id"])
    if found["experiment"].get("lifecycle_stage") == "deleted":
        await call(client, name, "POST", f"{_API}/experiments/restore", {"experiment_id": id_})
    return id_


async def _tell_runs(azure: Azure, client: httpx.AsyncClient, workspace: Resource) -> None:
    rows = runs.untold(reading(azure), workspace)
    name = server.name_of(workspace)
    for run_id, wanted, known in rows:
        if known is None:
            experiment = await _experiment(client, name, wanted["experiment"])
            body = {key: wanted[key] for key in ("started", "name", "tags")}
            await call(
                client, name, "POST", "/groundplan/runs", {"run_id": run_id, "experiment_id": experiment, **body}
            )
        if known is not None or wanted["status"] != "RUNNING":
            status = {"run_id": run_id, "status": wanted["status"], "end_time": wanted["ended"]}
            await call(client, name, "POST", f"{_API}/runs/update", status)
        with azure.working() as ctx:
            runs.told(ctx, workspace, run_id, wanted)


async def metrics_of(azure: Azure, workspace: Resource, run_id: str) -> dict[str, float]:
    """The last value of each metric of a run."""
    if not runs.known(reading(azure), workspace, run_id):
        return {}
    client = await ready(azure, workspace)
    try:
        found = await call(client, server.name_of(workspace), "GET", f"{_API}/runs/get", {"run_id": run_id})
    except CallError as error:
        if error.status == 404:
            return {}
        raise
    metrics = cast("list[dict[str, Any]]", found["run"].get("data", {}).get("metrics", []))
    return {str(metric["key"]): float(metric["value"]) for metric in metrics}


async def call(
    client: httpx.AsyncClient, workspace: str, method: str, path: str, values: dict[str, Any]
) -> dict[str, Any]:
    """One call; `workspace` is MLflow's name of it. Raises `CallError`."""
    given: dict[str, Any] = {"params": values} if method == "GET" else {"json": values}
    answer = await client.request(method, path, headers={HEADER: workspace} if workspace else {}, **given)
    try:
        content = answer.json()
    except ValueError:
        content = {}
    if not answer.is_success:
        raise CallError(answer.status_code, content)
    return content
