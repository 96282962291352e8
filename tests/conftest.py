# SPDX-License-Identifier: Apache-2.0
"""Fixtures that more than one folder of tests uses."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundplan_engine import Engine, activate, find, install

PASSPHRASE = "only for these tests"


@pytest.fixture(autouse=True)
def nothing_chosen() -> Iterator[None]:
    """azure-ai-ml keeps the headers of one call of `invoke` for all later calls of the process: a test leaves none behind."""
    yield
    if (module := sys.modules.get("azure.ai.ml.constants._endpoint")) is not None:
        for name in ("azureml-model-deployment", "Authorization"):
            module.EndpointInvokeFields.DEFAULT_HEADER.pop(name, None)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The real engine: found on this machine, or set up once (parallel workers share one build)."""
    return find() or install(progress=lambda _: None)


@pytest.fixture(scope="session")
def engine_path(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH with the engine and its language host first."""
    directories = activate(engine, tmp_path_factory.mktemp("engine") / "bin")
    return os.pathsep.join([*map(str, directories), os.environ["PATH"]])


@pytest.fixture
def pulumi_env(engine_path: str, tmp_path: Path) -> dict[str, str]:
    """An environment for `pulumi`: its own home, a file backend and a passphrase, nothing fetched, nothing sent."""
    state = tmp_path / "pulumi-state"
    state.mkdir()
    # users' Python buffers what it writes: a plugin whose port stays in a buffer would hang the engine
    dropped = ("PULUMI_", "ARM_", "VIRTUAL_ENV", "PYTHONUNBUFFERED")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    return {
        **kept,
        "PATH": engine_path,
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(tmp_path / "pulumi-home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
