# SPDX-License-Identifier: Apache-2.0
"""The unmodified azure-ai-ml SDK against the emulator, told where it is by environment variables only."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.constants import _common
from azure.ai.ml.entities import (
    Workspace,
)
from azure.identity import DefaultAzureCredential

from tests.fixtures.azure import RunningAzure

GROUP, WORKSPACE, LOCATION = "aiml", "aiml-ws", "westeurope"
CLOUD = "AZUREML_CURRENT_CLOUD"


@pytest.fixture(scope="module")
def environment(azure: RunningAzure) -> Iterator[RunningAzure]:
    """The variables of `local env`, and none of what the SDK leaves behind in the process."""
    logging.getLogger("azure.ai.ml").setLevel(logging.ERROR)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in azure.env.items():
            patch.setenv(name, value)
        patch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
        patch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
        os.environ.pop(CLOUD, None)
        yield azure
        os.environ.pop(CLOUD, None)


@pytest.fixture(scope="module")
def ml(environment: RunningAzure) -> Any:
    """A client of a workspace that it made itself, with everything that belongs to it."""
    environment.group(GROUP, LOCATION)
    maker = MLClient(DefaultAzureCredential(), environment.subscription_id, GROUP)
    maker.workspaces.begin_create(Workspace(name=WORKSPACE, location=LOCATION)).result()
    return MLClient(DefaultAzureCredential(), environment.subscription_id, GROUP, WORKSPACE, polling_interval=0)
