# SPDX-License-Identifier: Apache-2.0
"""Sweep jobs: trials over samples of the search space, the best one by the metric that they logged with MLflow.

Differs from Azure:
- bayesian sampling and Sobol sequences draw at random
- early termination looks at the trials twice a second: one that ends sooner than that is not terminated

Outputs that have names are registered once, those of the best trial.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml import tracking
from groundplan_emulator.ml.jobs import family, outputs, sampling, states, stopping
from groundplan_emulator.ml.jobs.durations import iso, seconds
from groundplan_emulator.ml.jobs.executors import JobError, JobTimeoutError
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.tracking import calls, server
from groundplan_emulator.ml.tracking import runs as tracking_runs
from groundplan_emulator.store import Resource

RESUMES: Final = True
LOG: Final = "azureml-logs/hyperdrive.txt"
MOST_TRIALS: Final = 1000


async def execute(run: Run) -> None:
    """Run a sweep."""
    family.begin(run)
    run.enter("Running")
    limits: dict[str, Any] = run.properties.get("limits") or {}
    total = int(limits.get("maxTotalTrials") or MOST_TRIALS)
    names = _names(run, total)
    _warn(run)
    try:
        await _trials(run, names, int(limits.get("maxConcurrentTrials") or total), seconds(limits.get("timeout")))
    except asyncio.CancelledError:
        family.cancelled(run, list(names))
        raise
    except JobTimeoutError:
        await family.end(run, list(names))
        raise
    run.enter("Finalizing")
    await _choose(run, list(names))


def _names(run: Run, total: int) -> dict[str, sampling.Sample]:
    """The trials' names and samples, the same ones after a restart."""
    algorithm: dict[str, Any] = run.properties.get("samplingAlgorithm") or {}
    kind = str(algorithm.get("samplingAlgorithmType", "Random"))
    seed = algorithm.get("seed") if algorithm.get("seed") is not None else run.id.lower()
    space: dict[str, Any] = run.properties.get("searchSpace") or {}
    try:
        sampling.check(space, kind)
    except sampling.SpaceError as error:
        raise JobError(str(error)) from None
    found = itertools.islice(sampling.samples(space, kind, seed), total)
    return {f"{run.name}_{number}": sample for number, sample in enumerate(found)}


def _warn(run: Run) -> None:
    algorithm: dict[str, Any] = run.properties.get("samplingAlgorithm") or {}
    kind, rule = algorithm.get("samplingAlgorithmType"), algorithm.get("rule")
    if kind == "Bayesian" or str(rule).lower() == "sobol":
        text = f"{rule or kind} sampling draws at random on the local Azure."
        run.say(text, file=LOG)
        run.note(warnings=[text])


async def _trials(run: Run, names: dict[str, sampling.Sample], at_once: int, limit: float | None) -> None:
    began = run.private.get("at", {}).get("Running") or run.azure.clock.now()
    policy: dict[str, Any] = run.properties.get("earlyTermination") or {}
    judged: dict[str, int] = {}
    async for _ in family.changes(run):
        if limit is not None and run.azure.clock.now() - began >= limit:
            raise JobTimeoutError(
                f"The sweep ran longer than its limit of {limit:.0f} s (limits.timeout) and was canceled."
            )
        with run.azure.working() as ctx:
            found = {name: family.child(ctx, run, name) for name in names}
            running = [job for job in found.values() if job is not None and not states.ended(job)]
            waiting = [name for name, job in found.items() if job is None]
            for name in waiting[: max(0, at_once - len(running))]:
                _submit(ctx, run, name, names[name])
            if not waiting and not running:
                return
            workspace = run.workspace(ctx)
        if policy and running:
            await _terminate(run, workspace, policy, [job for job in found.values() if job is not None], judged)


async def _terminate(
    run: Run, workspace: Resource, policy: dict[str, Any], trials: list[Resource], judged: dict[str, int]
) -> None:
    """End the trials that the policy gives up. `judged`: at which interval each was judged last."""
    metric, least = _objective(run)
    values = {trial.name: await _history(run, workspace, trial.name, metric) for trial in trials}
    for trial in trials:
        name, at = trial.name, stopping.judged_at(policy, values[trial.name])
        if states.ended(trial) or at <= judged.get(name, 0):
            continue
        gone = stopping.doomed(policy, values, name, at, least=least)
        if gone is None:
            continue
        judged[name] = at
        with run.azure.working() as ctx:
            if gone and family.cancel(ctx, run, [name]):
                run.say(f"The policy {policy.get('policyType')} terminates trial {name} at interval {at}", file=LOG)


async def _history(run: Run, workspace: Resource, name: str, metric: str) -> list[float]:
    """The values of a metric that a trial has logged so far."""
    with run.azure.working() as ctx:
        if not tracking_runs.known(ctx, workspace, name):
            return []
    client = await calls.ready(run.azure, workspace)
    asked = {"run_id": name, "metric_key": metric}
    try:
        found = await calls.call(client, server.name_of(workspace), "GET", "/api/2.0/mlflow/metrics/get-history", asked)
    except calls.CallError:
        return []  # no run yet
    logged: list[dict[str, Any]] = sorted(
        found.get("metrics") or (), key=lambda each: (each.get("step", 0), each["timestamp"])
    )
    return [float(each["value"]) for each in logged]


def _objective(run: Run) -> tuple[str, bool]:
    """The primary metric, and whether it is to be small."""
    objective: dict[str, Any] = run.properties.get("objective") or {}
    return str(objective.get("primaryMetric")), str(objective.get("goal", "Minimize")).lower() == "minimize"


def _submit(ctx: Context, run: Run, name: str, sample: sampling.Sample) -> None:
    trial, limits = run.properties.get("trial") or {}, run.properties.get("limits") or {}
    properties: dict[str, Any] = {
        "jobType": "Command",
        "displayName": name,
        "inputs": run.properties.get("inputs"),
        "outputs": outputs.unnamed(run.properties.get("outputs")),
        **{name: run.properties.get(name) for name in ("resources", "identity", "queueSettings")},
        **trial,
        "tags": {"hyperparameters": json.dumps(sample)},
        "environmentVariables": {
            **(trial.get("environmentVariables") or {}),
            **{f"AZUREML_SWEEP_{key}": str(value) for key, value in sample.items()},
        },
    }
    if limits.get("trialTimeout"):
        properties["limits"] = {"jobLimitsType": "Command", "timeout": iso(limits["trialTimeout"])}
    datastore = run.private.get("datastore")
    private: dict[str, Any] = {"executor": "Command", "sample": sample} | (
        {"datastore": datastore} if datastore else {}
    )
    family.make(ctx, run, name, properties, private)
    run.say(f"Trial {name}: {json.dumps(sample)}", file=LOG)


async def _choose(run: Run, names: list[str]) -> None:
    """Note the best trial. Raises `JobError` where none has come to its end."""
    metric, least = _objective(run)
    with run.azure.working() as ctx:
        workspace = run.workspace(ctx)
        done = [
            name for name in names if (job := family.child(ctx, run, name)) and states.status_of(job) == "Completed"
        ]
    if not done:
        raise JobError("Every trial of the sweep failed. See the trials' own errors and logs.")
    scores: dict[str, float] = {}
    for name in done:
        value = (await tracking.metrics_of(run.azure, workspace, name)).get(metric)
        if value is not None:
            scores[name] = value
            run.say(f"Trial {name}: {metric} {value}", file=LOG)
    if not scores:
        run.say(f"No trial logged the primary metric '{metric}'.", file=LOG)
        run.note(
            warnings=[
                *run.private.get("warnings", []),
                f"No trial logged the primary metric '{metric}' with MLflow: there is no best one.",
            ]
        )
        return
    best = (min if least else max)(scores, key=lambda name: scores[name])
    run.say(f"The best trial is {best} with {metric} {scores[best]}", file=LOG)
    with run.azure.working() as ctx:
        job, winner = run.job(ctx), family.child(ctx, run, best)
        job.private["notes"] = {
            **job.private.get("notes", {}),
            "best_child_run_id": best,
            "best_data_container_id": f"dcid.{best}",
            "best_metric_status": "Succeeded",
            "score": str(scores[best]),
        }
        if winner is not None:
            job.private["outputs"] = winner.private.get("outputs", {})
        ctx.save(job)
    outputs.register(run)
