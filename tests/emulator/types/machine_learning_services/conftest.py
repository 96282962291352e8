# SPDX-License-Identifier: Apache-2.0
"""A workspace to work in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.fixtures.azure import LOCATION, RunningAzure

VERSION = "2025-12-01"


@dataclass
class Workspaces:
    """A group with a storage account and a vault, and calls to the service in it."""

    azure: RunningAzure
    group: str
    links: dict[str, str]

    def id(self, path: str) -> str:
        return f"{self.group}/providers/Microsoft.MachineLearningServices/workspaces/{path}"

    def call(self, method: str, path: str, body: object = None, **options: Any) -> httpx.Response:
        options.setdefault("api_version", VERSION)
        return self.azure.arm(method, self.id(path), body, **options)

    def put(
        self, name: str, *, kind: str | None = None, api_version: str = VERSION, **properties: Any
    ) -> httpx.Response:
        """Write a workspace."""
        body: dict[str, Any] = {"location": LOCATION, "identity": {"type": "SystemAssigned"}}
        body["properties"] = {**self.links, **properties}
        if kind is not None:
            body["kind"] = kind
        return self.call("PUT", name, body, api_version=api_version)

    def made(self, name: str, **settings: Any) -> dict[str, Any]:
        """Write a workspace that is not refused; its body."""
        answer = self.put(name, **settings)
        assert answer.status_code == 200, answer.text
        return answer.json()


def refused(answer: httpx.Response, code: str, text: str, status: int = 400) -> None:
    """The answer is this refusal."""
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code), answer.text
    assert text in error["message"]


@pytest.fixture
def workspaces(azure: RunningAzure, group: str, name: str) -> Workspaces:
    """A group of the test's own with what workspaces need."""
    home = azure.group(group, LOCATION)
    storage = f"{home}/providers/Microsoft.Storage/storageAccounts/{name}"
    account = {"location": LOCATION, "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}
    vault = f"{home}/providers/Microsoft.KeyVault/vaults/{name}"
    properties = {
        "tenantId": azure.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    for id_, body, version in (
        (storage, account, "2024-01-01"),
        (vault, {"location": LOCATION, "properties": properties}, "2024-11-01"),
    ):
        made = azure.arm("PUT", id_, body, api_version=version)
        assert made.is_success, made.text
    return Workspaces(azure, home, {"storageAccount": storage, "keyVault": vault})
