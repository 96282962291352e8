# SPDX-License-Identifier: Apache-2.0
"""A deployment that collects data, and what its scoring process would be told."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from groundplan_emulator.ml.collection.environment import environment_for
from groundplan_emulator.settings import Identity, Settings
from tests.fixtures.azure import RunningAzure

LOCATION = "westeurope"
VERSION = "2024-10-01"


@dataclass
class Collecting:
    """A workspace with an endpoint; deployments are made in it."""

    azure: RunningAzure
    workspace: str
    account: str
    workspace_id: str
    endpoint: str

    @classmethod
    def make(cls, azure: RunningAzure) -> Collecting:
        unique = uuid.uuid4().hex[:10]
        group = azure.group(f"collection-{unique}", LOCATION)
        providers = f"{group}/providers"
        account = f"{providers}/Microsoft.Storage/storageAccounts/st{unique}"
        vault = f"{providers}/Microsoft.KeyVault/vaults/kv{unique}"
        insights = f"{providers}/Microsoft.Insights/components/appi"
        workspace = f"{providers}/Microsoft.MachineLearningServices/workspaces/mlw"
        endpoint = f"{workspace}/onlineEndpoints/ep-{unique}"
        made = cls(azure, workspace, f"st{unique}", "", endpoint)
        storage = {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}
        made.put(account, storage, "2023-01-01")
        access = {
            "tenantId": azure.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
        }
        made.put(vault, {"location": LOCATION, "properties": access}, "2023-07-01")
        made.put(
            insights, {"location": LOCATION, "kind": "web", "properties": {"Application_Type": "web"}}, "2020-02-02"
        )
        links = {"storageAccount": account, "keyVault": vault, "applicationInsights": insights}
        body = {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": links}
        made.workspace_id = made.put(workspace, body)["properties"]["workspaceId"]
        made.put(
            endpoint, {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}}
        )
        return made

    @property
    def settings(self) -> Settings:
        http, https = (int(url.rpartition(":")[2]) for url in (self.azure.http, self.azure.https))
        return Settings(self.azure.folder, http, https, Identity.load(self.azure.folder))

    def put(self, path: str, body: dict[str, Any], version: str = VERSION) -> dict[str, Any]:
        answer = self.azure.arm("PUT", path, body, api_version=version)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def deploy(self, collections: dict[str, Any], **collector: Any) -> Deployed:
        """A deployment with a `dataCollector`. Nothing runs for it: it names no code."""
        said = {"collections": collections, **collector}
        name = f"d{uuid.uuid4().hex[:6]}"
        body = {
            "location": LOCATION,
            "sku": {"name": "Default", "capacity": 1},
            "properties": {
                "endpointComputeType": "Managed",
                "instanceType": "Standard_DS3_v2",
                "dataCollector": said,
            },
        }
        made = self.put(f"{self.endpoint}/deployments/{name}", body)
        return Deployed(self, made["id"], made["properties"]["dataCollector"])

    def blobs(self, prefix: str) -> dict[str, bytes]:
        """The blobs of the workspace's blob store below a prefix, by name."""
        container = f"{self.azure.http}/{self.account}.blob.core.local/azureml-blobstore-{self.workspace_id}"
        headers = {"Authorization": f"Bearer {self.azure.token}", "x-ms-version": "2021-08-06"}
        with httpx.Client(headers=headers, trust_env=False) as client:
            listing = client.get(container, params={"restype": "container", "comp": "list", "prefix": prefix})
            names = [part.partition("</Name>")[0] for part in listing.text.split("<Name>")[1:]]
            return {name: client.get(f"{container}/{name}").content for name in names}


@dataclass
class Deployed:
    """A deployment, and the collector's side of its scoring process."""

    collecting: Collecting
    id: str
    said: dict[str, Any]

    def variables(self, instance: int = 0) -> dict[str, str]:
        return environment_for(self.collecting.settings, self.id, self.said, instance)

    def send(self, collection: str, body: str | bytes, *, instance: int = 0, **headers: str) -> httpx.Response:
        """What `Collector.collect` of `azureml-ai-monitoring` sends."""
        variables = self.variables(instance)
        credentials, _, host = variables["AZUREML_MDC_HOST"].partition("@")
        user, _, password = credentials.partition(":")
        said = {
            "content-type": "application/json",
            "trace-id": str(uuid.uuid4()),
            "ce-time": str(int(time.time())),
            "ce-type": f"azureml.inference.{collection}",
            "ce-collect-data-type": "pandas.core.frame.DataFrame",
            "ce-agent": "azureml-ai-monitoring/1.0.0",
            "ce-x-request-id": "r-1",
            "ce-model-version": "default",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        url = f"http://{host}:{variables['AZUREML_MDC_PORT']}/modeldata/log"
        return httpx.post(url, content=body, headers=said, auth=(user, password), trust_env=False)

    def folder(self, collection: str) -> str:
        segments = self.id.split("/")
        return f"modelDataCollector/{segments[-3]}/{segments[-1]}/{collection}/"

    def lines(self, prefix: str, count: int) -> list[dict[str, Any]]:
        """The lines below a prefix, once there are so many."""
        deadline = time.monotonic() + 20
        while True:
            found = self.collecting.blobs(prefix)
            lines = [
                line for name, content in found.items() if name.endswith(".jsonl") for line in content.splitlines()
            ]
            if len(lines) >= count or time.monotonic() > deadline:
                return [json.loads(line) for line in lines]
            time.sleep(0.05)


def enabled(**more: Any) -> dict[str, Any]:
    return {"dataCollectionMode": "Enabled", **more}


@pytest.fixture(scope="module")
def collecting(azure: RunningAzure) -> Collecting:
    return Collecting.make(azure)
