# SPDX-License-Identifier: Apache-2.0
"""The job of a monitor: brings the data, has it measured, tells what is over its threshold."""

from __future__ import annotations

import asyncio
import collections
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from groundplan_emulator.ml import environments
from groundplan_emulator.ml.environments import Needs, UnsolvableError
from groundplan_emulator.ml.jobs import log, outputs, variables
from groundplan_emulator.ml.jobs.executors import JobError
from groundplan_emulator.ml.jobs.run import Run
from groundplan_emulator.ml.monitors import definition, measuring, windows
from groundplan_emulator.ml.monitors.starting import OUTPUT
from groundplan_emulator.ml.schedules import diary

RESUMES: Final = True
"""What the emulator's end interrupted is computed again."""
TAG: Final = "azureml_modelmonitor_threshold_breached"
NEEDS: Final = Needs(
    packages=("evidently==0.7.23", "pandas==2.3.3", "numpy==2.4.6", "scipy==1.17.1", "scikit-learn==1.9.1")
)


async def execute(run: Run) -> None:
    """Compute the signals of a monitor."""
    monitor: dict[str, Any] = run.private["monitor"]
    size = str((monitor.get("computeConfiguration") or {}).get("instanceType") or "")
    async with run.placed(None, size=size):
        results = await _on_node(run, monitor)
    breaches = {
        name: [each for each in signal["metrics"] if each["breached"]] for name, signal in results["signals"].items()
    }
    for name, found in breaches.items():
        run.note(notes={f"azureml.monitor.{name}": f"{len(found)} thresholds breached" if found else "passed"})
    if message := _message(str(run.private["schedule"]), breaches):
        _tell(run, message)
        raise JobError(message)


async def _on_node(run: Run, monitor: dict[str, Any]) -> dict[str, Any]:
    run.enter("Preparing")
    working, data = run.folder / "wd", run.folder / "data"
    for folder in (working, data, run.folder / "tmp"):
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    made = Path(outputs.lay_out(run, data)[OUTPUT])
    plan = {"signals": [await _signal(run, name, each) for name, each in monitor["signals"].items()]}
    try:
        python = await environments.prepare(NEEDS, (), lambda line: run.say(line, file=log.BUILD))
    except UnsolvableError as error:
        raise JobError(f"The environment of monitors could not be made: {error}", code="ServiceError") from None
    await asyncio.to_thread((working / "plan.json").write_text, json.dumps(plan))
    run.enter("Running")
    last: collections.deque[str] = collections.deque(maxlen=1)
    file = working / "results.json"
    code = await run.process(
        [str(python), measuring.__file__, str(working / "plan.json"), str(file)],
        cwd=working,
        env={**variables.of_machine(python, run.folder / "tmp"), "DO_NOT_TRACK": "1"},
        heard=last.append,
    )
    if code:
        raise JobError(f"The signals could not be computed: {last[0] if last else f'exit code {code}'}", exit_code=code)
    run.enter("Finalizing")
    results: dict[str, Any] = json.loads(await asyncio.to_thread(file.read_bytes))
    await asyncio.to_thread(_write, run, monitor, results, made)
    await outputs.upload(run, data, working)
    return results


async def _signal(run: Run, name: str, signal: dict[str, Any]) -> dict[str, Any]:
    at = float(run.private["monitorTime"])
    paths: dict[str, list[str]] = {}
    for side in ("production", "reference"):
        folder = run.folder / "data" / "signals" / name / side
        found = await windows.fetch(run, f"{side} data of signal '{name}'", signal[f"{side}Data"], at, folder)
        paths[side] = [str(file) for file in found]
    features: dict[str, Any] = signal.get("features") or {}
    return {
        "name": name,
        "type": signal["signalType"],
        **paths,
        "features": features.get("features") if features.get("filterType") == "FeatureSubset" else None,
        "kinds": signal.get("featureDataTypeOverride") or {},
        "thresholds": definition.thresholds(signal),
    }


def _write(run: Run, monitor: dict[str, Any], results: dict[str, Any], folder: Path) -> None:
    """The results as the files of the output: `signals/NAME.json`, and `alerts.json` where there is something to tell."""
    moment = datetime.fromtimestamp(float(run.private["monitorTime"]), UTC).isoformat()
    (folder / "signals").mkdir(parents=True, exist_ok=True)
    alerts: list[dict[str, Any]] = []
    for name, signal in results["signals"].items():
        (folder / "signals" / f"{name}.json").write_text(json.dumps(signal, indent=2), encoding="utf-8")
        breached = [each for each in signal["metrics"] if each["breached"]]
        if breached:
            told = {"monitor": run.private["schedule"], "signal": name, "time": moment, "breached": breached}
            alerts.append({**told, "emails": definition.emails(monitor)})
    if alerts:
        (folder / "alerts.json").write_text(json.dumps(alerts, indent=2), encoding="utf-8")


def _message(monitor: str, breaches: dict[str, list[dict[str, Any]]]) -> str:
    """What the tag says: in Azure's words, then which features."""
    lines: list[str] = []
    for name, found in breaches.items():
        if found:
            lines.append(
                f"Signal '{monitor}_{name}' has failed due to one or more features violating metric thresholds:"
            )
            lines += [
                f"{each['feature']}: {each['metric']} is {each['value']:.4g}, threshold {each['threshold']:g}"
                for each in found
            ]
    return "\n".join(lines)


def _tell(run: Run, message: str) -> None:
    with run.azure.working() as ctx:
        job = run.job(ctx)
        job.properties["tags"] = {**(job.properties.get("tags") or {}), TAG: message}
        ctx.save(job)
        schedule = ctx.get(f"{run.workspace(ctx).id}/schedules/{run.private['schedule']}")
        if schedule is not None:
            diary.remember(schedule, {"at": run.private["monitorTime"], "job": run.name, "alert": message})
            ctx.save(schedule)
