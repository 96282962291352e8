# SPDX-License-Identifier: Apache-2.0
"""What Azure fills in for data services, over HTTP with the published schema."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_arm import catalog
from tests.fixtures.azure import RunningAzure


def put(azure: RunningAzure, group: str, type_: str, name: str, **body: Any) -> Any:
    row = catalog.load().by_arm_type(type_.lower())
    assert row is not None
    path = f"/resourceGroups/{group}/providers/{type_}/{name}"
    return azure.arm("PUT", path, {"location": "westeurope", **body}, api_version=row.api_version)


@pytest.mark.azure_assumed
def test_hosts(azure: RunningAzure, group: str, name: str) -> None:
    """Each service says where it is reached."""
    sku = {"sku": {"name": "standard"}}
    search = put(azure, group, "Microsoft.Search/searchServices", name, **sku)
    events = put(azure, group, "Microsoft.EventHub/namespaces", f"evhns-{name}", sku={"name": "Standard"})
    topic = put(azure, group, "Microsoft.EventGrid/topics", name)
    synapse = put(azure, group, "Microsoft.Synapse/workspaces", name, properties={})

    assert search.json()["properties"]["endpoint"] == f"https://{name}.search.windows.net"
    assert events.json()["properties"]["serviceBusEndpoint"] == f"https://evhns-{name}.servicebus.windows.net:443/"
    topic_host = f"{name}.westeurope-1.eventgrid.azure.net"
    assert topic.json()["properties"]["endpoint"] == f"https://{topic_host}/api/events"
    assert synapse.json()["properties"]["connectivityEndpoints"]["dev"] == f"https://{name}.dev.azuresynapse.net"


@pytest.mark.azure_assumed
def test_databricks_keeps_its_url(azure: RunningAzure, group: str, name: str) -> None:
    """An update changes neither number nor host; the managed group is another one than the workspace's."""
    own = azure.arm("GET", f"/resourceGroups/{group}").json()["id"]
    body = {"sku": {"name": "premium"}, "properties": {"managedResourceGroupId": f"{own}-managed"}}
    first = put(azure, group, "Microsoft.Databricks/workspaces", name, **body)
    second = put(azure, group, "Microsoft.Databricks/workspaces", name, **body)
    refused = put(
        azure, group, "Microsoft.Databricks/workspaces", f"{name}x", properties={"managedResourceGroupId": own}
    )

    assert first.json()["properties"]["workspaceUrl"] == second.json()["properties"]["workspaceUrl"]
    assert refused.json()["error"]["code"] == "ApplicationManagedResourceGroupInvalid", refused.text


@pytest.mark.azure_assumed
def test_a_subdomain_is_taken_once_and_stays(azure: RunningAzure, group: str, name: str) -> None:
    """The endpoint of an account is its subdomain's."""
    kind = "Microsoft.CognitiveServices/accounts"
    body = {"kind": "OpenAI", "sku": {"name": "S0"}, "properties": {"customSubDomainName": name}}
    made = put(azure, group, kind, name, **body)
    taken = put(azure, group, kind, f"{name}2", **body)
    moved = put(azure, group, kind, name, **{**body, "properties": {"customSubDomainName": f"{name}3"}})

    assert made.json()["properties"]["endpoint"] == f"https://{name}.openai.azure.com/", made.text
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "CustomDomainInUse")
    assert moved.json()["error"]["code"] == "CustomDomainNotChangeable"


@pytest.mark.azure_assumed
def test_a_deleted_account_holds_its_name(azure: RunningAzure, group: str, name: str) -> None:
    """Until it is restored, with its deployments, or purged; the error is the one that users report."""
    kind = "Microsoft.CognitiveServices/accounts"
    body = {"kind": "AIServices", "sku": {"name": "S0"}, "properties": {"customSubDomainName": name}}
    model = {"sku": {"name": "Standard"}, "properties": {"model": {"format": "OpenAI", "name": "gpt-4o"}}}

    def delete() -> None:
        assert azure.arm("DELETE", id_, api_version="2025-06-01").is_success

    id_ = put(azure, group, kind, name, **body).json()["id"]
    made = azure.arm("PUT", f"{id_}/deployments/chat", model, api_version="2025-06-01")
    assert made.is_success, made.text
    delete()
    refused = put(azure, group, kind, name, **body)
    restored = put(azure, group, kind, name, **{**body, "properties": {"restore": True}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "FlagMustBeSetForRestore")
    assert restored.is_success, restored.text
    assert azure.arm("GET", f"{id_}/deployments/chat", api_version="2025-06-01").is_success

    delete()
    shelf = f"/subscriptions/{azure.subscription_id}/providers/Microsoft.CognitiveServices/deletedAccounts"
    kept = next(
        each for each in azure.arm("GET", shelf, api_version="2025-06-01").json()["value"] if each["name"] == name
    )
    assert kept["properties"]["scheduledPurgeDate"] > kept["properties"]["deletionDate"]
    assert azure.arm("DELETE", kept["id"], api_version="2025-06-01").is_success
    assert azure.arm("GET", kept["id"], api_version="2025-06-01").status_code == 404
    missing = put(azure, group, kind, name, **{**body, "properties": {"restore": True}})
    assert missing.json()["error"]["code"] == "CanNotRestoreANonExistingResource"
    assert put(azure, group, kind, name, **body).is_success
