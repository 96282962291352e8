# SPDX-License-Identifier: Apache-2.0
"""A workspace with a batch endpoint `scorer`, and the unmodified azure-ai-ml client of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.constants._endpoint import EndpointInvokeFields
from azure.ai.ml.entities import (
    BatchEndpoint,
    BatchRetrySettings,
    CodeConfiguration,
    Model,
    ModelBatchDeployment,
    ModelBatchDeploymentSettings,
)

from tests.emulator.ml.jobs.conftest import CLOUD, client_of
from tests.fixtures.azure import RunningAzure, running

SCRIPT = """
import os
from pathlib import Path

def init():
    global factor
    factor = int(next(Path(os.environ["AZUREML_MODEL_DIR"]).rglob("factor.txt")).read_text())
    print("factor", factor, os.environ["GREETING"])

def run(mini_batch):
    print("mini-batch of", len(mini_batch))
    Path(os.environ["AZUREML_BI_OUTPUT_PATH"], f"by-script-{Path(mini_batch[0]).stem}.txt").write_text("written")
    return [f"{Path(path).name} {factor * int(Path(path).read_text())}" for path in mini_batch]
"""


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAzure]:
    """A server of the module's own: its jobs take no nodes from those of other tests."""
    with running(tmp_path_factory.mktemp("batch")) as server:
        yield server


@pytest.fixture(scope="module")
def ml(azure: RunningAzure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        ml = client_of(azure, patch)
        folder = tmp_path_factory.mktemp("factor") / "model"
        folder.mkdir()
        (folder / "factor.txt").write_text("3")
        ml.models.create_or_update(Model(name="factor", version="1", path=folder, type=AssetTypes.CUSTOM_MODEL))
        ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="scorer")).result()
        yield ml
        os.environ.pop(CLOUD, None)


@pytest.fixture(autouse=True)
def forget_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client keeps the headers of one invocation for the next."""
    monkeypatch.setattr(EndpointInvokeFields, "DEFAULT_HEADER", {"Content-Type": "application/json"})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Five files with the numbers 0 to 4, one of them in a folder."""
    folder = tmp_path / "numbers"
    (folder / "more").mkdir(parents=True)
    for number in range(4):
        (folder / f"{number}.txt").write_text(str(number))
    (folder / "more" / "4.txt").write_text("4")
    return folder


@pytest.fixture
def deploy(ml: Any, tmp_path: Path) -> Callable[..., Any]:
    """Deploy a scoring script below `scorer`; changes are settings of the deployment."""

    def go(name: str, script: str = SCRIPT, **changes: Any) -> Any:
        code = tmp_path / f"code-{name}"
        code.mkdir()
        (code / "score.py").write_text(script)
        settings: dict[str, Any] = {
            "mini_batch_size": 2,
            "max_concurrency_per_instance": 2,
            "retry_settings": BatchRetrySettings(max_retries=0, timeout=30),
            "environment_variables": {"GREETING": "hello"},
            **changes,
        }
        deployment = ModelBatchDeployment(
            name=name,
            endpoint_name="scorer",
            model="azureml:factor:1",
            environment="azureml:plain:1",
            code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
            compute="cpu",
            settings=ModelBatchDeploymentSettings(**settings),
        )
        return ml.batch_deployments.begin_create_or_update(deployment).result()

    return go


def workers_of(step: str) -> list[psutil.Process]:
    """The processes that run a step's scoring script."""
    return [each for each in psutil.process_iter() if _runs(each, step)]


def _runs(process: psutil.Process, step: str) -> bool:
    try:
        return "batch/worker.py" in " ".join(process.cmdline()) and process.environ().get("AZUREML_RUN_ID") == step
    except psutil.Error:
        return False
