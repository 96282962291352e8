# SPDX-License-Identifier: Apache-2.0
"""A workspace with a cluster and an environment that needs no installation, and the unmodified azure-ai-ml client of it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.constants import _common
from azure.ai.ml.entities import AmlCompute, Environment, Workspace
from azure.ai.ml.operations._run_history_constants import RunHistoryConstants
from azure.identity import DefaultAzureCredential

from tests.fixtures.azure import RunningAzure

GROUP, WORKSPACE, LOCATION = "jobs", "jobs-ws", "westeurope"
CLOUD = "AZUREML_CURRENT_CLOUD"
ENDED = ("Completed", "Failed", "Canceled")


def client_of(azure: RunningAzure, patch: pytest.MonkeyPatch) -> Any:
    """A client of a new workspace with the cluster `cpu` and the environment `plain`, from environment variables only."""
    logging.getLogger("azure.ai.ml").setLevel(logging.ERROR)
    for name, value in azure.env.items():
        patch.setenv(name, value)
    patch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
    patch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
    patch.setattr(RunHistoryConstants, "_WAIT_COMPLETION_POLLING_INTERVAL_MIN", 0)
    os.environ.pop(CLOUD, None)
    azure.group(GROUP, LOCATION)
    maker = MLClient(DefaultAzureCredential(), azure.subscription_id, GROUP)
    maker.workspaces.begin_create(Workspace(name=WORKSPACE, location=LOCATION)).result()
    ml = MLClient(DefaultAzureCredential(), azure.subscription_id, GROUP, WORKSPACE, polling_interval=0)
    ml.compute.begin_create_or_update(
        AmlCompute(name="cpu", size="Standard_DS3_v2", min_instances=0, max_instances=4, idle_time_before_scale_down=60)
    ).result()
    ml.environments.create_or_update(Environment(name="plain", version="1", image="example.org/image:1"))
    return ml


@pytest.fixture(scope="module")
def ml(azure: RunningAzure) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        yield client_of(azure, patch)
        os.environ.pop(CLOUD, None)


@pytest.fixture
def fresh_ml(fresh_azure: RunningAzure) -> Iterator[Any]:
    """On a server of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        yield client_of(fresh_azure, patch)
        os.environ.pop(CLOUD, None)


def until(true: Callable[[], Any], seconds: float = 60.0) -> Any:
    """The first true value; bounded."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)
    return found


def ended(ml: Any, name: str) -> Any:
    """A job once it is over."""
    return until(lambda: (job := ml.jobs.get(name)).status in ENDED and job)


def log_of(ml: Any, name: str, file: str = "user_logs/std_log.txt") -> str:
    """A log file of a job, without any authentication."""
    address = ml.jobs._runs_operations.get_run_details(name).log_files[file]
    answer = httpx.get(address, verify=os.environ["SSL_CERT_FILE"])
    assert answer.status_code == 200, answer.text
    return answer.text


def error_of(ml: Any, name: str) -> Any:
    """Why a job failed, as its run tells."""
    return ml.jobs._runs_operations.get_run(name).error.error
