# SPDX-License-Identifier: Apache-2.0
"""Pipeline jobs: each node becomes a job once those that it waits for have ended. All that is known of them is in the store.

Differs from Azure:
- nothing is reused: every node runs
- parallel, Spark and AutoML nodes and control flow are refused
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.ml.jobs import family, graph, states, steps
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.graph import Node
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.store import Resource

RESUMES: Final = True
LOG: Final = "logs/azureml/executionlogs.txt"
_FAILED: Final = ("Failed", "Canceled")


async def execute(run: Run) -> None:
    """Run a pipeline."""
    family.begin(run)
    with run.azure.working() as ctx:
        workspace = run.workspace(ctx)
        nodes = graph.nodes(ctx, workspace, run.properties)
        names = {name: ctx.guid("step", run.id.lower(), name) for name in nodes}
    run.enter("Running")
    try:
        failed = await _steps(run, nodes, names)
    except asyncio.CancelledError:
        family.cancelled(run, list(names.values()))
        raise
    except JobError:
        await family.end(run, list(names.values()))
        raise
    if failed and not _goes_on(run):
        await family.end(run, list(names.values()))
    run.enter("Finalizing")
    _collect(run, nodes, names)
    if failed:
        said = ", ".join(f"'{name}'" for name in failed)
        raise JobError(
            f"Pipeline has failed child jobs. Failed nodes: {said}. See the child jobs' own errors and logs."
        )


def _goes_on(run: Run) -> bool:
    return bool((run.properties.get("settings") or {}).get("continue_on_step_failure"))


async def _steps(run: Run, nodes: dict[str, Node], names: dict[str, str]) -> list[str]:
    """Submit nodes until nothing is left to submit and to wait for; those that failed."""
    told: set[str] = set()
    async for _ in family.changes(run):
        with run.azure.working() as ctx:
            found = {node: family.child(ctx, run, name) for node, name in names.items()}
            status = {node: states.status_of(job) for node, job in found.items() if job is not None}
            failed = [node for node, each in status.items() if each in _FAILED]
            for node, each in status.items():
                if each in states.ENDED and node not in told:
                    told.add(node)
                    _say(run, f"Completing processing run id {names[node]} ({node}): {each}.")
            if failed and not _goes_on(run):
                return failed
            if not _submit(ctx, run, nodes, names, found) and all(each in states.ENDED for each in status.values()):
                return failed
    return []


def _submit(
    ctx: Context, run: Run, nodes: dict[str, Node], names: dict[str, str], found: dict[str, Resource | None]
) -> list[str]:
    """Submit the nodes whose turn it is."""

    def outputs(node: str, output: str) -> dict[str, str] | None:
        job = found[node]
        return (job.private.get("outputs") or {}).get(output) if job is not None else None

    def over(node: str) -> bool:
        job = found[node]
        return job is not None and states.status_of(job) == "Completed"

    ready = [node for node in nodes.values() if found[node.name] is None and all(map(over, node.after))]
    for node in ready:
        properties, private = steps.job_of(node, run.properties, outputs)
        if not private.get("datastore") and (store := run.private.get("datastore")):
            private["datastore"] = store
        family.make(ctx, run, names[node.name], properties, private)
        _say(run, f"Submitting 1 runs, first five are: {node.name}:{names[node.name]}")
    return [node.name for node in ready]


def _say(run: Run, text: str) -> None:
    run.say(f"[{run.azure.clock.stamp()}] {text}", file=LOG)


def _collect(run: Run, nodes: dict[str, Node], names: dict[str, str]) -> None:
    """The pipeline's outputs are those of its nodes."""
    with run.azure.working() as ctx:
        job = run.job(ctx)
        declared: dict[str, Any] = run.properties.get("outputs") or {}
        found: dict[str, dict[str, str]] = {}
        for name, (node, output) in steps.bound_outputs(nodes).items():
            child = family.child(ctx, run, names[node])
            place = (child.private.get("outputs") or {}).get(output) if child is not None else None
            if place:
                kind = (declared.get(name) or {}).get("jobOutputType")
                found[name] = {**place, "type": kind or place["type"]}
        job.private["outputs"] = found
        ctx.save(job)
