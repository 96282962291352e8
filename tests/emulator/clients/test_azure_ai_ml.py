# SPDX-License-Identifier: Apache-2.0
"""The unmodified azure-ai-ml SDK against the emulator, told where it is by environment variables only."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.ai.ml import MLClient, command
from azure.ai.ml.constants import _common
from azure.ai.ml.constants._registry import StorageAccountType
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    ApiKeyConfiguration,
    AzureBlobDatastore,
    BatchEndpoint,
    CodeConfiguration,
    ComputeInstance,
    Environment,
    FeatureStore,
    FqdnDestination,
    Hub,
    ManagedNetwork,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    Project,
    Registry,
    RegistryRegionDetails,
    Workspace,
    WorkspaceConnection,
)
from azure.ai.ml.entities._registry.registry_support_classes import (
    SystemCreatedAcrAccount,
    SystemCreatedStorageAccount,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential

from tests.fixtures.azure import RunningAzure

pytestmark = pytest.mark.azure_spec
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


def test_a_cluster(ml: Any):
    cluster = AmlCompute(
        name="cpu", size="Standard_DS3_v2", min_instances=0, max_instances=4, idle_time_before_scale_down=300
    )
    made = ml.compute.begin_create_or_update(cluster).result()
    made.min_instances = 2
    ml.compute.begin_update(made).result()

    found = ml.compute.get("cpu")
    assert (found.size, found.min_instances, found.max_instances) == ("Standard_DS3_v2", 2, 4)
    assert found.idle_time_before_scale_down == 300
    assert len(list(ml.compute.list_nodes("cpu"))) == 2
    assert "cpu" in {compute.name for compute in ml.compute.list()}

    ml.compute.begin_delete("cpu").result()
    with pytest.raises(ResourceNotFoundError):
        ml.compute.get("cpu")


def test_an_instance_is_stopped_and_started(ml: Any):
    ml.compute.begin_create_or_update(ComputeInstance(name="aiml-box", size="STANDARD_DS3_V2")).result()

    ml.compute.begin_stop("aiml-box").result()
    stopped = ml.compute.get("aiml-box").state
    ml.compute.begin_start("aiml-box").result()
    started = ml.compute.get("aiml-box").state

    assert (stopped, started) == ("Stopped", "Running")
    ml.compute.begin_delete("aiml-box").result()


def test_sizes_and_usage(ml: Any):
    ml.compute.begin_create_or_update(AmlCompute(name="gpu", size="Standard_NC24ads_A100_v4", max_instances=2)).result()

    sizes = {size.name: size for size in ml.compute.list_sizes()}
    usage = {entry.name["value"]: entry for entry in ml.compute.list_usage()}

    assert sizes["Standard_NC24ads_A100_v4"].gpus == 1
    assert sizes["Standard_DS3_v2"].family == "standardDSv2Family"
    assert vars(usage["StandardNCADSA100v4Family"])["currentValue"] == 48  # the SDK keeps the wire name
    ml.compute.begin_delete("gpu").result()


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (AmlCompute(name="bad", size="Standard_DS3_v9"), "Did you mean Standard_DS3_v2"),
        (AmlCompute(name="bad", size="Standard_DS3_v2", min_instances=3, max_instances=1), r"minNodeCount \(3\)"),
        (AmlCompute(name="bad-1", size="Standard_DS3_v2"), "does not end in a hyphen and digits"),
    ],
)
def test_a_wrong_compute_is_refused(ml: Any, compute: AmlCompute, text: str):
    with pytest.raises(HttpResponseError, match=text):
        ml.compute.begin_create_or_update(compute).result()


def test_datastores(ml: Any):
    system = {store.name for store in ml.datastores.list()}
    store = AzureBlobDatastore(
        name="mine",
        account_name="someaccount",
        container_name="data",
        credentials=AccountKeyConfiguration(account_key="a2V5"),
    )
    ml.datastores.create_or_update(store)

    assert {"workspaceblobstore", "workspacefilestore", "workspaceartifactstore", "workspaceworkingdirectory"} <= system
    assert ml.datastores.get_default().name == "workspaceblobstore"
    assert ml.datastores.get("mine").credentials.account_key is None
    assert ml.datastores.get("mine", include_secrets=True).credentials.account_key == "a2V5"
    ml.datastores.delete("mine")
    with pytest.raises(ResourceNotFoundError):
        ml.datastores.get("mine")
    with pytest.raises(HttpResponseError, match="belongs to the workspace"):
        ml.datastores.delete("workspaceblobstore")


def test_connections(ml: Any):
    made = ml.connections.create_or_update(
        WorkspaceConnection(
            name="outside", type="custom", target="https://example.org", credentials=ApiKeyConfiguration(key="secret")
        )
    )

    assert made.credentials.key is None
    assert ml.connections.get("outside", populate_secrets=True).credentials.key == "secret"
    assert "outside" in {connection.name for connection in ml.connections.list()}
    ml.connections.delete("outside")
    with pytest.raises(ResourceNotFoundError):
        ml.connections.get("outside")


def test_registries(ml: Any):
    region = RegistryRegionDetails(
        location=LOCATION,
        acr_config=[SystemCreatedAcrAccount(acr_account_sku="Premium")],
        storage_config=SystemCreatedStorageAccount(
            storage_account_hns=False, storage_account_type=StorageAccountType.STANDARD_LRS
        ),
    )
    made = ml.registries.begin_create(
        Registry(name="aiml-registry", location=LOCATION, replication_locations=[region])
    ).result()

    assert "/azureml-rg-aiml-registry_" in made.managed_resource_group.resource_id
    assert "aiml-registry" in {registry.name for registry in ml.registries.list()}
    ml.registries.begin_delete(name="aiml-registry").result()
    with pytest.raises(ResourceNotFoundError):
        ml.registries.get("aiml-registry")


def test_an_online_endpoint_from_creation_to_deletion(ml: Any):
    endpoint = ml.online_endpoints.begin_create_or_update(
        ManagedOnlineEndpoint(name="aiml-ep", auth_mode="key")
    ).result()
    environment = ml.environments.create_or_update(Environment(name="serving", image="example.org/image:1"))
    path = "azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/workspaceblobstore/paths/model"
    model = ml.models.create_or_update(Model(name="classifier", version="1", path=path, type="custom_model"))

    def deployment(name: str, **changes: Any) -> ManagedOnlineDeployment:
        settings: dict[str, Any] = {
            "model": model.id,
            "environment": environment.id,
            "instance_type": "Standard_DS3_v2",
            "instance_count": 1,
        }
        return ManagedOnlineDeployment(name=name, endpoint_name="aiml-ep", **{**settings, **changes})

    ml.online_deployments.begin_create_or_update(deployment("blue")).result()
    endpoint.traffic = {"blue": 100}
    ml.online_endpoints.begin_create_or_update(endpoint).result()
    ml.online_deployments.begin_create_or_update(deployment("blue", instance_count=3)).result()

    assert ml.online_endpoints.get("aiml-ep").traffic == {"blue": 100}
    assert [found.instance_count for found in ml.online_deployments.list("aiml-ep")] == [3]
    assert "no container runs" in ml.online_deployments.get_logs("blue", "aiml-ep", lines=5)
    with pytest.raises(HttpResponseError, match="100 percent of the endpoint's traffic"):
        ml.online_deployments.begin_delete("blue", "aiml-ep").result()
    with pytest.raises(HttpResponseError, match="sum to 0 or 100, but they sum to 60"):
        endpoint.traffic = {"blue": 60}
        ml.online_endpoints.begin_create_or_update(endpoint).result()
    with pytest.raises(HttpResponseError, match="deployments that do not exist: green"):
        endpoint.traffic = {"green": 100}
        ml.online_endpoints.begin_create_or_update(endpoint).result()
    with pytest.raises(HttpResponseError, match=r"models/nope/versions/9' of 'properties\.model'"):
        ml.online_deployments.begin_create_or_update(deployment("green", model="azureml:nope:9")).result()

    ml.online_endpoints.begin_delete("aiml-ep").result()
    with pytest.raises(ResourceNotFoundError):
        ml.online_endpoints.get("aiml-ep")


def test_keys_of_an_endpoint(ml: Any):
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="aiml-keys", auth_mode="key")).result()
    before = ml.online_endpoints.get_keys("aiml-keys")

    ml.online_endpoints.begin_regenerate_keys("aiml-keys", key_type="secondary").result()
    after = ml.online_endpoints.get_keys("aiml-keys")

    assert (before.primary_key, before.secondary_key) == (after.primary_key, before.secondary_key)
    assert after.secondary_key != before.secondary_key
    ml.online_endpoints.begin_delete("aiml-keys").result()


def test_a_token_of_an_endpoint(ml: Any):
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="aiml-token", auth_mode="aml_token")).result()

    token = ml.online_endpoints.get_keys("aiml-token")

    assert token.token_type == "Bearer"
    assert token.expiry_time_utc > token.refresh_after_time_utc
    ml.online_endpoints.begin_delete("aiml-token").result()


def test_batch_endpoints(ml: Any):
    ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="aiml-batch", description="nightly")).result()

    assert ml.batch_endpoints.get("aiml-batch").description == "nightly"
    assert "aiml-batch" in {endpoint.name for endpoint in ml.batch_endpoints.list()}
    ml.batch_endpoints.begin_delete("aiml-batch").result()
    with pytest.raises(ResourceNotFoundError):
        ml.batch_endpoints.get("aiml-batch")


def test_versions_of_an_environment_follow_each_other(ml: Any):
    """Without a version the SDK writes over the latest one and takes the next when that is refused with a 409."""
    first = ml.environments.create_or_update(Environment(name="counted", image="example.org/image:1"))
    same = ml.environments.create_or_update(Environment(name="counted", image="example.org/image:1"))
    second = ml.environments.create_or_update(Environment(name="counted", image="example.org/image:2"))

    assert (first.version, same.version, second.version) == ("1", "1", "2")
    assert ml.environments.get("counted", label="latest").version == "2"
    ml.environments.archive("counted", version="2")
    assert [found.version for found in ml.environments.list("counted")] == ["1"]


def test_a_model_is_uploaded_from_a_folder(ml: Any, tmp_path: Path):
    (tmp_path / "model.txt").write_text("weights")

    made = ml.models.create_or_update(Model(name="uploaded", path=str(tmp_path), type="custom_model"))

    assert made.version == "1"
    assert "/datastores/workspaceblobstore/paths/LocalUpload/" in made.path


def test_a_deployment_with_code_uploads_it_once(ml: Any, tmp_path: Path):
    (tmp_path / "score.py").write_text("def init(): pass")
    (tmp_path / "model.txt").write_text("weights")
    ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="aiml-code", auth_mode="key")).result()
    deployments = [
        ml.online_deployments.begin_create_or_update(
            ManagedOnlineDeployment(
                name=name,
                endpoint_name="aiml-code",
                model=Model(path=str(tmp_path / "model.txt")),
                environment=Environment(image="example.org/image:1"),
                code_configuration=CodeConfiguration(code=str(tmp_path), scoring_script="score.py"),
                instance_type="Standard_DS3_v2",
                instance_count=1,
            )
        ).result()
        for name in ("blue", "green")
    ]

    codes = {deployment.code_configuration.code for deployment in deployments}
    assert len(codes) == 1
    assert "/codes/" in codes.pop()
    assert "/environments/CliV2AnonymousEnvironment/versions/" in deployments[0].environment
    ml.online_endpoints.begin_delete("aiml-code").result()


def test_jobs_and_components(ml: Any):
    """As ARM resources: nothing runs yet."""
    environment = ml.environments.create_or_update(Environment(name="training", image="example.org/image:1"))
    job = ml.jobs.create_or_update(command(command="echo hello", environment=environment.id, compute="cpu"))
    component = command(command="echo hello", environment=environment.id, name="say", version="1").component
    made = ml.components.create_or_update(component)

    ml.jobs.begin_cancel(job.name).result()

    assert (job.status, ml.jobs.get(job.name).status) == ("NotStarted", "Canceled")
    assert ml.jobs.get(job.name).command == "echo hello"
    with pytest.raises(HttpResponseError, match="has ended already"):
        ml.jobs.begin_cancel(job.name).result()
    assert job.name in {found.name for found in ml.jobs.list()}
    assert ml.components.get("say", version="1").command == made.command == "echo hello"
