# SPDX-License-Identifier: Apache-2.0
"""All environment variables of a scoring process: what Azure's containers have, and the way to the local Azure in place of the real one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from groundplan_emulator.ml.collection.environment import environment_for
from groundplan_emulator.ml.scoring.folders import Generation
from groundplan_emulator.ml.scoring.plan import Plan
from groundplan_emulator.settings import Settings

_PASSED_ON: Final = (
    "TMPDIR",
    "TZ",
    "LANG",
    "LC_ALL",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "SYSTEMROOT",
)


def of(plan: Plan, generation: Generation, interpreter: Path, settings: Settings, instance: int) -> dict[str, str]:
    """The deployment's own variables win over Azure's. No user's home: a container has none, nor the credentials in it."""
    path = os.pathsep.join([str(interpreter.parent), os.environ.get("PATH", os.defpath)])
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        "LANG": "C.UTF-8",
        **passed,
        "PATH": path,
        "HOME": str(generation.home),
        "HOSTNAME": f"{plan.name}-{instance}",
        "PYTHONUNBUFFERED": "1",
        **_local_azure(settings),
        **environment_for(settings, plan.id, plan.collector, instance),
        "AML_APP_ROOT": str(generation.code),
        "AZUREML_ENTRY_SCRIPT": plan.script,
        **({"AZUREML_MODEL_DIR": str(generation.model)} if plan.model else {}),
        "AML_APP_INSIGHTS_ENABLED": "false",
        "SCORING_TIMEOUT_MS": str(int(plan.timeout * 1000)),
        "SERVICE_NAME": plan.endpoint,
        "WORKSPACE_NAME": plan.workspace,
        "WORKER_COUNT": "1",
        **plan.variables,
    }


def _local_azure(settings: Settings) -> dict[str, str]:
    """As in a shell on the local target: the endpoint's identity has a token here, and Azure's clients find the emulator."""
    none = ",".join(filter(None, [os.environ.get("NO_PROXY", ""), "127.0.0.1,localhost"]))
    return {**settings.client_variables(), "NO_PROXY": none, "no_proxy": none}
