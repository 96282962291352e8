# SPDX-License-Identifier: Apache-2.0
"""How a batch deployment scores: its settings, with what an invocation changes. The job's step keeps it: it outlives the deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from groundplan_emulator import iso_durations
from groundplan_emulator.store import Resource

ENTRY = "job_data_path"
"""The input of a step that scores."""
OUTPUT = "score"
"""The output of a step that scores."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`size`: files of a mini-batch; `concurrency`: worker processes of a node; `retries`, `timeout` (seconds): of a mini-batch;
    `threshold`: files that may fail, -1 for any; `append`: `run` returns the rows of `file`; `script`: '' for an MLflow model's own;
    `model`: a URI, '' for none, and `model_name` with its version, as Azure names its folder; `environment`: '' for the model's own.
    """

    size: int
    concurrency: int
    retries: int
    timeout: float
    threshold: int
    append: bool
    file: str
    level: str
    script: str
    model: str
    model_name: str
    environment: str


def plan_of(deployment: Resource, changes: dict[str, Any], model: Resource | None, model_uri: str) -> Plan:
    """The plan of a deployment. `changes` are the properties of an invocation."""
    settings = {**deployment.properties, **{name: value for name, value in changes.items() if value is not None}}
    retry = {**deployment.properties["retrySettings"], **(changes.get("retrySettings") or {})}
    parts = model.id.split("/") if model is not None else []
    return Plan(
        size=int(settings["miniBatchSize"]),
        concurrency=int(settings["maxConcurrencyPerInstance"]),
        retries=int(retry["maxRetries"]),
        timeout=iso_durations.seconds(retry["timeout"]),
        threshold=int(settings["errorThreshold"]),
        append=settings["outputAction"] == "AppendRow",
        file=str(settings["outputFileName"]),
        level=str(settings["loggingLevel"]).lower(),
        script=str((deployment.properties.get("codeConfiguration") or {}).get("scoringScript") or ""),
        model=model_uri,
        model_name=f"{parts[-3]}/{parts[-1]}" if parts else "model/1",
        environment=str(deployment.properties.get("environmentId") or ""),
    )
