# SPDX-License-Identifier: Apache-2.0
"""Workspaces, hubs, projects, feature stores and managed networks, with the unmodified azure-ai-ml SDK."""

from __future__ import annotations

from typing import Any

import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
    FeatureStore,
    FqdnDestination,
    Hub,
    ManagedNetwork,
    Project,
    Workspace,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential

from tests.emulator.clients.azure_ai_ml.conftest import LOCATION, WORKSPACE
from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec


def types_in(azure: RunningAzure, group: str) -> list[str]:
    items = azure.arm("GET", f"/resourceGroups/{group}/resources").json()["value"]
    return sorted(item["type"].partition("/")[0] for item in items)


def test_a_workspace_comes_with_what_it_needs(environment: RunningAzure):
    environment.group("aiml-create", LOCATION)
    client: Any = MLClient(DefaultAzureCredential(), environment.subscription_id, "aiml-create")
    workspace = Workspace(name="made", location=LOCATION, tags={"a": "1"}, description="first")

    made = client.workspaces.begin_create(workspace).result()

    assert (made.name, made.location, made.description) == ("made", LOCATION, "first")
    assert made.tags["a"] == "1"
    assert types_in(environment, "aiml-create") == [
        "Microsoft.Insights",
        "Microsoft.KeyVault",
        "Microsoft.MachineLearningServices",
        "Microsoft.OperationalInsights",
        "Microsoft.Storage",
    ]
    assert len(made._workspace_id) == 36
    assert made.discovery_url.startswith(environment.https)


def test_get_list_keys_and_update(ml: Any):
    found = ml.workspaces.get(WORKSPACE)
    keys = ml.workspaces.get_keys(WORKSPACE)
    again = ml.workspaces.begin_create(Workspace(name=WORKSPACE, location=LOCATION, description="second")).result()
    updated = ml.workspaces.begin_update(Workspace(name=WORKSPACE, tags={"b": "2"})).result()

    assert WORKSPACE in {workspace.name for workspace in ml.workspaces.list()}
    assert WORKSPACE in {workspace.name for workspace in ml.workspaces.list(scope="subscription")}
    assert len(keys.user_storage_key) > 40
    assert (again._workspace_id, again.description) == (found._workspace_id, "second")
    assert updated.tags["b"] == "2"
    assert ml.workspaces.get(WORKSPACE).description == "second"


def test_a_workspace_that_is_not_there(ml: Any):
    with pytest.raises(ResourceNotFoundError) as caught:
        ml.workspaces.get("nowhere")

    assert caught.value.error.code == "ResourceNotFound"
    assert "Microsoft.MachineLearningServices/workspaces/nowhere" in str(caught.value)


def test_a_deleted_workspace_keeps_its_name_until_it_is_purged(ml: Any, environment: RunningAzure):
    environment.group("aiml-soft", LOCATION)
    client: Any = MLClient(DefaultAzureCredential(), environment.subscription_id, "aiml-soft", polling_interval=0)
    first = client.workspaces.begin_create(Workspace(name="soft", location=LOCATION)).result()
    client.workspaces.begin_delete("soft", delete_dependent_resources=True).result()

    with pytest.raises(HttpResponseError) as caught:
        client.workspaces.begin_create(Workspace(name="soft", location=LOCATION)).result()
    environment.arm("DELETE", first.id, params={"forceToPurge": "true"}, api_version="2024-10-01")
    second = client.workspaces.begin_create(Workspace(name="soft", location=LOCATION)).result()
    client.workspaces.begin_delete("soft", delete_dependent_resources=True, permanently_delete=True).result()
    third = client.workspaces.begin_create(Workspace(name="soft", location=LOCATION)).result()

    assert "Soft-deleted workspace exists. Please purge or recover it." in str(caught.value)
    assert len({first._workspace_id, second._workspace_id, third._workspace_id}) == 3


def test_a_hub_and_its_projects(ml: Any):
    hub = ml.workspaces.begin_create(Hub(name="aiml-hub", location=LOCATION)).result()
    project = ml.workspaces.begin_create(Project(name="aiml-project", location=LOCATION, hub_id=hub.id)).result()

    assert project.hub_id == hub.id
    assert project.storage_account == hub.storage_account
    assert ml.workspaces.get("aiml-hub").associated_workspaces == [project.id]
    with pytest.raises(HttpResponseError, match="cannot be deleted while it has projects"):
        ml.workspaces.begin_delete("aiml-hub", delete_dependent_resources=False).result()

    ml.workspaces.begin_delete("aiml-project", delete_dependent_resources=False).result()
    ml.workspaces.begin_delete("aiml-hub", delete_dependent_resources=False).result()


def test_a_feature_store_and_its_identity(ml: Any, environment: RunningAzure):
    """Its template nests templates, makes an identity and gives it roles."""
    environment.group("aiml-features", LOCATION)
    client: Any = MLClient(DefaultAzureCredential(), environment.subscription_id, "aiml-features", polling_interval=0)

    made = client.feature_stores.begin_create(FeatureStore(name="features", location=LOCATION)).result()

    runtime = made._feature_store_settings.compute_runtime.spark_runtime_version
    assert made._kind == "featurestore"
    assert "/userAssignedIdentities/" in made.materialization_identity.resource_id
    assert runtime
    assert [store.name for store in client.feature_stores.list()] == ["features"]
    assert "Microsoft.ManagedIdentity" in types_in(environment, "aiml-features")


def test_a_managed_network_and_its_rules(ml: Any):
    network = ManagedNetwork(
        isolation_mode="AllowOnlyApprovedOutbound",
        outbound_rules=[FqdnDestination(name="packages", destination="packages.example.com")],
    )
    made = ml.workspaces.begin_create(Workspace(name="aiml-net", location=LOCATION, managed_network=network)).result()
    ml.workspace_outbound_rules.begin_create(
        "aiml-net", FqdnDestination(name="conda", destination="*.anaconda.org")
    ).result()
    before = {rule.name: rule for rule in ml.workspace_outbound_rules.list("aiml-net")}
    status = ml.workspaces.begin_provision_network(workspace_name="aiml-net", include_spark=True).result()
    ml.workspace_outbound_rules.begin_remove("aiml-net", "packages").result()

    after = {rule.name: rule for rule in ml.workspace_outbound_rules.list("aiml-net")}
    assert "packages" in {rule.name for rule in made.managed_network.outbound_rules}
    assert {"packages", "conda", "__SYS_ST_AzureResourceManager_TCP"} <= set(before)
    assert before["conda"].status == "Inactive"
    assert (status.status, status.spark_ready) == ("Active", True)
    assert set(before) - set(after) == {"packages"}
    assert {rule.status for rule in after.values()} == {"Active"}
    with pytest.raises(HttpResponseError, match="cannot change from 'AllowOnlyApprovedOutbound'"):
        back = ManagedNetwork(isolation_mode="AllowInternetOutbound")
        ml.workspaces.begin_update(Workspace(name="aiml-net", managed_network=back)).result()
