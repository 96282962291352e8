# SPDX-License-Identifier: Apache-2.0
"""A client of a registry that refers to a workspace: its host is fixed in the SDK, so only the proxy leads it here."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.constants import _common
from azure.ai.ml.entities import Model, Registry, RegistryRegionDetails, Workspace
from azure.ai.ml.exceptions import MlException
from azure.identity import DefaultAzureCredential

from tests.emulator.clients.azure_ai_ml.trees import folder, read
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec
GROUP, LOCATION = "aiml-by-proxy", "westeurope"


@pytest.fixture
def proxied(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningAzure]:
    """What `groundplan local env --proxy` sets."""
    logging.getLogger("azure.ai.ml").setLevel(logging.ERROR)
    for name in (*azure.env, "AZUREML_CURRENT_CLOUD", "AZURE_AUTHORITY_HOST", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "HTTPS_PROXY": azure.proxy,
        "https_proxy": azure.proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "REQUESTS_CA_BUNDLE": str(azure.bundle),
        "SSL_CERT_FILE": str(azure.bundle),
        "AZURE_TENANT_ID": azure.tenant_id,
        "AZURE_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
        "AZURE_CLIENT_SECRET": "any",
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_common.LROConfigurations, "SLEEP_TIME", 0)
    monkeypatch.setattr(_common.LROConfigurations, "POLL_INTERVAL", 0)
    yield azure
    os.environ.pop("AZUREML_CURRENT_CLOUD", None)


def test_a_registry_beside_a_workspace(proxied: RunningAzure, tmp_path: Path):
    proxied.group(GROUP, LOCATION)
    maker = MLClient(DefaultAzureCredential(), proxied.subscription_id, GROUP)
    for name, location in (("by-proxy-ws", LOCATION), ("by-proxy-far", "northeurope")):
        maker.workspaces.begin_create(Workspace(name=name, location=location)).result()
    ml: Any = MLClient(DefaultAzureCredential(), proxied.subscription_id, GROUP, "by-proxy-ws")
    region = RegistryRegionDetails(location=LOCATION)
    ml.registries.begin_create(Registry(name="by-proxy", location=LOCATION, replication_locations=[region])).result()
    ml.models.create_or_update(Model(name="m", version="1", path=folder(tmp_path / "weights", a_txt="x")))
    ml.models.share("m", "1", share_with_name="m", share_with_version="1", registry_name="by-proxy")

    def beside(workspace: str) -> Any:
        return MLClient(
            DefaultAzureCredential(),
            proxied.subscription_id,
            GROUP,
            registry_name="by-proxy",
            workspace_reference=workspace,
        )

    registry = beside("by-proxy-ws")
    registry.models.download("m", version="1", download_path=str(tmp_path / "down"))

    assert [model.version for model in registry.models.list("m")] == ["1"]
    assert read(tmp_path / "down") == {"m/weights/a.txt": "x"}
    with pytest.raises(MlException, match="northeurope not supported"):
        beside("by-proxy-far")
    ml.registries.begin_delete(name="by-proxy").result()
