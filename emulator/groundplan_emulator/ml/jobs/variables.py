# SPDX-License-Identifier: Apache-2.0
"""The environment variables of a job's processes: what Azure sets, and what leads Microsoft's clients to this Azure."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, Final

from groundplan_emulator import identity
from groundplan_emulator.arm.context import Context
from groundplan_emulator.store import Resource

KEPT: Final = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "SHELL", "TERM", "TZ", "USER", "SYSTEMROOT")
"""Of the emulator's own environment; the rest may be secrets of whoever started it."""
_NAME = re.compile(r"\W")


def of_machine(python: Path, folder: Path) -> dict[str, str]:
    """What any process needs. `python`: the interpreter that `python` shall mean."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.environ.get("PATH", os.defpath)
    found = {**kept, "PATH": f"{python.parent}{os.pathsep}{path}", "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
    if python != Path(sys.executable):
        found["VIRTUAL_ENV"] = str(python.parent.parent)
    return found


def of_job(ctx: Context, workspace: Resource, job: Resource, root: str) -> dict[str, str]:
    """What Azure tells a job of itself. `root`: the run at the top of its pipeline or sweep, or its own."""
    settings, segments = ctx.settings, workspace.id.split("/")
    experiment = str(job.properties.get("experimentName", "Default"))
    resources: dict[str, Any] = job.properties.get("resources") or {}
    return {
        "AZUREML_RUN_ID": job.name,
        "AZUREML_ROOT_RUN_ID": root,
        "AZUREML_DATA_CONTAINER_ID": f"dcid.{job.name}",
        "AZUREML_ARM_SUBSCRIPTION": segments[2],
        "AZUREML_ARM_RESOURCEGROUP": segments[4],
        "AZUREML_ARM_WORKSPACE_NAME": workspace.name,
        "AZUREML_ARM_PROJECT_NAME": experiment,
        "AZUREML_EXPERIMENT_NAME": experiment,
        "AZUREML_EXPERIMENT_ID": ctx.guid("experiment", workspace.key, experiment),
        "AZUREML_EXPERIMENT_SCOPE": f"{workspace.id}/experiments/{experiment}",
        "AZUREML_WORKSPACE_ID": str(workspace.properties.get("workspaceId", "")),
        "AZUREML_WORKSPACE_SCOPE": workspace.id,
        "AZUREML_SERVICE_ENDPOINT": settings.https,
        "AZUREML_RUN_HISTORY_SERVICE_ENDPOINT": settings.https,
        "AZUREML_DISCOVERY_SERVICE_ENDPOINT": f"{settings.https}/discovery",
        "AZUREML_RUN_TOKEN": identity.token(settings, ctx.clock, "https://ml.azure.com"),
        "AZUREML_RUN_TOKEN_EXPIRY": str(int(ctx.clock.now()) + identity.LIFETIME),
        "AZUREML_NODE_COUNT": str(resources.get("instanceCount") or 1),
        "AZUREML_FRAMEWORK": str((job.properties.get("distribution") or {}).get("distributionType", "Python")),
    }


def of_distribution(job: Resource) -> dict[str, str]:
    """What a distributed program reads of its place among its peers: it is alone here, whatever was asked for."""
    kind = (job.properties.get("distribution") or {}).get("distributionType")
    if kind != "PyTorch":
        return {}
    rank = {"RANK": "0", "LOCAL_RANK": "0", "NODE_RANK": "0", "WORLD_SIZE": "1", "LOCAL_WORLD_SIZE": "1"}
    return {**rank, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "6105"}


def of_values(inputs: dict[str, str], outputs: dict[str, str]) -> dict[str, str]:
    """`AZURE_ML_INPUT_x` and `AZURE_ML_OUTPUT_y`: what they stand for in the command."""
    found = {f"AZURE_ML_INPUT_{_NAME.sub('_', name)}": value for name, value in inputs.items()}
    return found | {f"AZURE_ML_OUTPUT_{_NAME.sub('_', name)}": value for name, value in outputs.items()}
