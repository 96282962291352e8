# SPDX-License-Identifier: Apache-2.0
"""`azure-mgmt-machinelearningservices` against the emulator, over an api-version of its own (2023-04-01)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt import machinelearningservices

from tests.fixtures.azure import RunningAzure
from tests.fixtures.azure_sdk import client

pytestmark = pytest.mark.azure_spec
models: Any = machinelearningservices.models  # the SDK's own types are wrong in places
GROUP, WORKSPACE, LOCATION = "mlmgmt", "mlmgmt-ws", "westeurope"


@pytest.fixture(scope="module")
def links(azure: RunningAzure) -> dict[str, str]:
    """A storage account and a vault, as arguments of a workspace."""
    group = azure.group(GROUP, LOCATION)
    storage = f"{group}/providers/Microsoft.Storage/storageAccounts/mlmgmtstore"
    body: dict[str, Any] = {
        "location": LOCATION,
        "sku": {"name": "Standard_LRS"},
        "kind": "StorageV2",
        "properties": {},
    }
    assert azure.arm("PUT", storage, body, api_version="2024-01-01").is_success
    vault = f"{group}/providers/Microsoft.KeyVault/vaults/mlmgmt-vault"
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": azure.tenant_id, "sku": sku, "enableRbacAuthorization": True}
    made = azure.arm("PUT", vault, {"location": LOCATION, "properties": properties}, api_version="2024-11-01")
    assert made.is_success, made.text
    return {"storage_account": storage, "key_vault": vault}


@pytest.fixture(scope="module")
def ml(azure: RunningAzure, links: dict[str, str]) -> Iterator[Any]:
    """A client, and a workspace in the group."""
    with client(azure, machinelearningservices.MachineLearningServicesMgmtClient) as made:
        made.workspaces.begin_create_or_update(GROUP, WORKSPACE, workspace(links)).result()
        yield made


def workspace(links: dict[str, str], **settings: Any) -> Any:
    identity = models.ManagedServiceIdentity(type="SystemAssigned")
    return models.Workspace(location=LOCATION, identity=identity, **{**links, **settings})


def test_a_workspace_from_creation_to_deletion(ml: Any, links: dict[str, str]):
    made = ml.workspaces.begin_create_or_update(
        GROUP, "life", workspace(links, description="one", tags={"a": "1"})
    ).result()
    change = models.WorkspaceUpdateParameters(description="two", tags={"b": "2"}, public_network_access="Disabled")
    changed = ml.workspaces.begin_update(GROUP, "life", change).result()

    assert (made.provisioning_state, made.public_network_access, made.hbi_workspace) == ("Succeeded", "Enabled", False)
    assert (made.sku.name, made.identity.type, len(made.identity.principal_id)) == ("Basic", "SystemAssigned", 36)
    assert (changed.description, changed.tags, changed.public_network_access) == (
        "two",
        {"a": "1", "b": "2"},
        "Disabled",
    )
    assert changed.workspace_id == made.workspace_id
    assert "life" in {found.name for found in ml.workspaces.list_by_resource_group(GROUP)}
    assert "life" in {found.name for found in ml.workspaces.list_by_subscription()}

    ml.workspaces.begin_delete(GROUP, "life").result()
    with pytest.raises(ResourceNotFoundError):
        ml.workspaces.get(GROUP, "life")


def test_keys_and_diagnosis(ml: Any, links: dict[str, str]):
    keys = ml.workspaces.list_keys(GROUP, WORKSPACE)
    ml.workspaces.begin_resync_keys(GROUP, WORKSPACE).result()
    diagnosis = ml.workspaces.begin_diagnose(GROUP, WORKSPACE).result()

    assert keys.user_storage_resource_id == links["storage_account"]
    assert ml.workspaces.list_storage_account_keys(GROUP, WORKSPACE).user_storage_key == keys.user_storage_key
    assert ml.workspaces.list_notebook_keys(GROUP, WORKSPACE).primary_access_key
    assert ml.workspaces.begin_prepare_notebook(GROUP, WORKSPACE).result().fqdn.endswith(".notebooks.azure.net")
    assert diagnosis.value.storage_account_results == []
    assert ml.private_link_resources.list(GROUP, WORKSPACE).value[0].group_id == "amlworkspace"
    assert ml.workspaces.list_outbound_network_dependencies_endpoints(GROUP, WORKSPACE).value


@pytest.mark.parametrize(
    ("name", "settings", "code", "text"),
    [
        ("a", {}, "InvalidResourceName", "3 to 33 letters"),
        ("wrong-link", {"key_vault": "/subscriptions/s/none"}, "LinkedResourceNotFound", "properties.keyVault"),
        ("no-vault", {"key_vault": None}, "ValidationError", "Missing dependent resources in workspace json: keyVault"),
    ],
)
def test_a_wrong_workspace_is_refused(
    ml: Any,
    links: dict[str, str],
    name: str,
    settings: dict[str, Any],
    code: str,
    text: str,
):
    with pytest.raises(HttpResponseError) as caught:
        ml.workspaces.begin_create_or_update(GROUP, name, workspace(links, **settings)).result()

    assert caught.value.error.code == code
    assert text in str(caught.value)


def test_a_vault_cannot_change(ml: Any, azure: RunningAzure, links: dict[str, str]):
    other = links["key_vault"].replace("mlmgmt-vault", "mlmgmt-other")
    body = azure.arm("GET", links["key_vault"], api_version="2024-11-01").json()
    properties = {name: body["properties"][name] for name in ("tenantId", "sku", "enableRbacAuthorization")}
    assert azure.arm(
        "PUT", other, {"location": LOCATION, "properties": properties}, api_version="2024-11-01"
    ).is_success

    with pytest.raises(HttpResponseError) as caught:
        ml.workspaces.begin_create_or_update(GROUP, WORKSPACE, workspace({**links, "key_vault": other})).result()

    assert caught.value.error.code == "PropertyChangeNotAllowed"
    assert "properties.keyVault" in str(caught.value)


def test_computes(ml: Any):
    scale = models.ScaleSettings(min_node_count=1, max_node_count=3)
    cluster = models.AmlCompute(properties=models.AmlComputeProperties(vm_size="STANDARD_DS3_V2", scale_settings=scale))
    made = ml.compute.begin_create_or_update(
        GROUP, WORKSPACE, "cluster", models.ComputeResource(location=LOCATION, properties=cluster)
    ).result()
    wider = models.ClusterUpdateParameters(
        properties=models.ScaleSettingsInformation(
            scale_settings=models.ScaleSettings(min_node_count=1, max_node_count=9)
        )
    )
    changed = ml.compute.begin_update(GROUP, WORKSPACE, "cluster", wider).result()

    assert made.properties.properties.vm_size == "Standard_DS3_v2"
    assert made.properties.properties.node_state_counts.idle_node_count == 1
    settings = changed.properties.properties.scale_settings
    assert (settings.min_node_count, settings.max_node_count) == (1, 9)
    assert len(list(ml.compute.list_nodes(GROUP, WORKSPACE, "cluster"))) == 1
    assert {found.name for found in ml.compute.list(GROUP, WORKSPACE)} == {"cluster"}
    with pytest.raises(HttpResponseError, match="is for type 'ComputeInstance' only"):
        ml.compute.begin_start(GROUP, WORKSPACE, "cluster").result()

    ml.compute.begin_delete(GROUP, WORKSPACE, "cluster", "Delete").result()
    assert list(ml.compute.list(GROUP, WORKSPACE)) == []


def test_an_attached_cluster_needs_its_extension(ml: Any, azure: RunningAzure):
    cluster = f"/subscriptions/{azure.subscription_id}/resourceGroups/{GROUP}/providers/Microsoft.ContainerService/managedClusters/attached"
    profiles = [{"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D4ds_v5"}]
    body = {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": {"agentPoolProfiles": profiles}}
    assert azure.arm("PUT", cluster, body, api_version="2025-09-01").is_success
    attached = models.ComputeResource(
        location=LOCATION,
        properties=models.Kubernetes(resource_id=cluster, properties=models.KubernetesProperties(namespace="ml")),
    )

    with pytest.raises(HttpResponseError, match="extension"):
        ml.compute.begin_create_or_update(GROUP, WORKSPACE, "k8s", attached).result()
    extension = f"{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/ml"
    properties = {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationProtectedSettings": {"key": "hidden"}}
    installed = azure.arm("PUT", extension, {"properties": properties}, api_version="2023-05-01")
    made = ml.compute.begin_create_or_update(GROUP, WORKSPACE, "k8s", attached).result()

    assert "hidden" not in installed.text
    assert (made.properties.compute_type, made.properties.is_attached_compute) == ("Kubernetes", True)
    ml.compute.begin_delete(GROUP, WORKSPACE, "k8s", "Detach").result()
    assert azure.arm("GET", cluster, api_version="2025-09-01").is_success


def test_datastores_keep_their_secrets(ml: Any):
    credentials = models.AccountKeyDatastoreCredentials(secrets=models.AccountKeyDatastoreSecrets(key="a2V5"))
    store = models.AzureBlobDatastore(account_name="acc", container_name="c", credentials=credentials)
    made = ml.datastores.create_or_update(GROUP, WORKSPACE, "own", models.Datastore(properties=store))

    assert made.properties.credentials.secrets is None
    assert made.properties.account_name == "acc"
    assert ml.datastores.list_secrets(GROUP, WORKSPACE, "own").key == "a2V5"
    assert {"own", "workspaceblobstore"} <= {found.name for found in ml.datastores.list(GROUP, WORKSPACE)}
    ml.datastores.delete(GROUP, WORKSPACE, "own")
    with pytest.raises(HttpResponseError, match="needs 'containerName'"):
        broken = models.AzureBlobDatastore(account_name="acc", credentials=models.NoneDatastoreCredentials())
        ml.datastores.create_or_update(GROUP, WORKSPACE, "own", models.Datastore(properties=broken))


def test_connections(ml: Any):
    properties = models.PATAuthTypeWorkspaceConnectionProperties(
        category="Git",
        target="https://example.org",
        credentials=models.WorkspaceConnectionPersonalAccessToken(pat="hidden"),
    )
    made = ml.workspace_connections.create(
        GROUP, WORKSPACE, "git", models.WorkspaceConnectionPropertiesV2BasicResource(properties=properties)
    )

    assert (made.properties.auth_type, made.properties.credentials) == ("PAT", None)
    assert ml.workspace_connections.get(GROUP, WORKSPACE, "git").properties.target == "https://example.org"
    ml.workspace_connections.delete(GROUP, WORKSPACE, "git")
    with pytest.raises(ResourceNotFoundError):
        ml.workspace_connections.get(GROUP, WORKSPACE, "git")


def test_assets(ml: Any):
    def version(image: str) -> Any:
        return models.EnvironmentVersion(properties=models.EnvironmentVersionProperties(image=image))

    ml.environment_versions.create_or_update(GROUP, WORKSPACE, "env", "1", version("example.org/a:1"))
    ml.environment_versions.create_or_update(GROUP, WORKSPACE, "env", "2", version("example.org/a:2"))

    container = ml.environment_containers.get(GROUP, WORKSPACE, "env")
    newest = list(ml.environment_versions.list(GROUP, WORKSPACE, "env", order_by="createdtime desc", top=1))
    assert (container.properties.latest_version, container.properties.next_version) == ("2", "3")
    assert newest[0].name == "2"
    with pytest.raises(HttpResponseError, match="is already registered and cannot be changed: 'image' differs"):
        ml.environment_versions.create_or_update(GROUP, WORKSPACE, "env", "1", version("example.org/a:9"))
    with pytest.raises(ResourceNotFoundError):
        ml.model_containers.get(GROUP, WORKSPACE, "none")


def test_online_endpoints_and_deployments(ml: Any):
    endpoint = models.OnlineEndpoint(
        location=LOCATION,
        identity=models.ManagedServiceIdentity(type="SystemAssigned"),
        properties=models.OnlineEndpointProperties(auth_mode="Key"),
    )
    made = ml.online_endpoints.begin_create_or_update(GROUP, WORKSPACE, "mgmt-ep", endpoint).result()
    blue = models.OnlineDeployment(
        location=LOCATION,
        properties=models.ManagedOnlineDeployment(instance_type="Standard_DS3_v2"),
        sku=models.Sku(name="Default", capacity=1),
    )
    ml.online_deployments.begin_create_or_update(GROUP, WORKSPACE, "mgmt-ep", "blue", blue).result()
    wider = models.PartialMinimalTrackedResourceWithSku(sku=models.PartialSku(capacity=4))
    scaled = ml.online_deployments.begin_update(GROUP, WORKSPACE, "mgmt-ep", "blue", wider).result()
    keys = ml.online_endpoints.list_keys(GROUP, WORKSPACE, "mgmt-ep")
    chosen = models.RegenerateEndpointKeysRequest(key_type="Primary", key_value="chosen-key")
    ml.online_endpoints.begin_regenerate_keys(GROUP, WORKSPACE, "mgmt-ep", chosen).result()

    assert made.properties.scoring_uri.endswith("/mgmt-ep.westeurope.inference.ml.core.local/score")
    assert (scaled.sku.capacity, scaled.properties.scale_settings.scale_type) == (4, "Default")
    after = ml.online_endpoints.list_keys(GROUP, WORKSPACE, "mgmt-ep")
    assert (after.primary_key, after.secondary_key) == ("chosen-key", keys.secondary_key)
    assert next(iter(ml.online_deployments.list_skus(GROUP, WORKSPACE, "mgmt-ep", "blue"))).capacity.maximum == 50
    with pytest.raises(HttpResponseError, match="authenticates with 'Key', not with 'AMLToken'"):
        ml.online_endpoints.get_token(GROUP, WORKSPACE, "mgmt-ep")
    with pytest.raises(HttpResponseError, match=r"sku\.capacity must be between 1 and 50"):
        too_wide = models.PartialMinimalTrackedResourceWithSku(sku=models.PartialSku(capacity=51))
        ml.online_deployments.begin_update(GROUP, WORKSPACE, "mgmt-ep", "blue", too_wide).result()

    ml.online_endpoints.begin_delete(GROUP, WORKSPACE, "mgmt-ep").result()
    with pytest.raises(HttpResponseError):
        ml.online_deployments.get(GROUP, WORKSPACE, "mgmt-ep", "blue")


def _batch_parts(ml: Any) -> tuple[str, str]:
    """The ids of a cluster and of an MLflow model."""
    size = models.AmlComputeProperties(vm_size="STANDARD_DS3_V2", scale_settings=models.ScaleSettings(max_node_count=1))
    cluster = models.ComputeResource(location=LOCATION, properties=models.AmlCompute(properties=size))
    compute = ml.compute.begin_create_or_update(GROUP, WORKSPACE, "mgmt-batch-cpu", cluster).result()
    content = models.ModelVersionProperties(model_uri="https://models.example.com/m", model_type="mlflow_model")
    version = ml.model_versions.create_or_update(
        GROUP, WORKSPACE, "mgmt-batch-model", "1", models.ModelVersion(properties=content)
    )
    return compute.id, version.id


def test_batch_endpoints_and_deployments(ml: Any):
    endpoint = models.BatchEndpoint(location=LOCATION, properties=models.BatchEndpointProperties(auth_mode="AADToken"))
    ml.batch_endpoints.begin_create_or_update(GROUP, WORKSPACE, "mgmt-batch", endpoint).result()
    compute, model = _batch_parts(ml)
    properties = models.BatchDeploymentProperties(compute=compute, model=models.IdAssetReference(asset_id=model))
    deployment = models.BatchDeployment(location=LOCATION, properties=properties)
    made = ml.batch_deployments.begin_create_or_update(GROUP, WORKSPACE, "mgmt-batch", "one", deployment).result()
    endpoint.properties.defaults = models.BatchEndpointDefaults(deployment_name="one")
    ml.batch_endpoints.begin_create_or_update(GROUP, WORKSPACE, "mgmt-batch", endpoint).result()

    assert (made.properties.output_action, made.properties.retry_settings.max_retries) == ("AppendRow", 3)
    ml.batch_deployments.begin_delete(GROUP, WORKSPACE, "mgmt-batch", "one").result()
    assert ml.batch_endpoints.get(GROUP, WORKSPACE, "mgmt-batch").properties.defaults.deployment_name is None
    endpoint.properties.defaults = models.BatchEndpointDefaults(deployment_name="gone")
    with pytest.raises(HttpResponseError, match="'gone' does not exist"):
        ml.batch_endpoints.begin_create_or_update(GROUP, WORKSPACE, "mgmt-batch", endpoint).result()


def test_registries(ml: Any):
    details = [models.RegistryRegionArmDetails(location=region) for region in (LOCATION, "northeurope")]
    registry = models.Registry(location=LOCATION, region_details=details)
    made = ml.registries.begin_create_or_update(GROUP, "mgmt-registry", registry).result()
    fewer = ml.registries.begin_remove_regions(
        GROUP, "mgmt-registry", models.Registry(location=LOCATION, region_details=[details[1]])
    ).result()

    assert made.discovery_url.endswith("/registries/mgmt-registry/discovery")
    assert [detail.location for detail in fewer.region_details] == [LOCATION]
    assert "mgmt-registry" in {found.name for found in ml.registries.list(GROUP)}
    with pytest.raises(HttpResponseError, match="must contain the registry's own location"):
        wrong = models.Registry(location="eastus", region_details=details)
        ml.registries.begin_create_or_update(GROUP, "mgmt-wrong", wrong).result()
    ml.registries.begin_delete(GROUP, "mgmt-registry").result()


def test_sizes_usages_and_quotas(ml: Any):
    sizes = {size.name: size for size in ml.virtual_machine_sizes.list(LOCATION).value}
    usages = list(ml.usages.list(LOCATION))
    own = next(each for each in ml.quotas.list(LOCATION) if each.id.endswith("/quotas/standardDSv2Family"))
    made = ml.workspaces.get(GROUP, WORKSPACE)

    def give(family: str, limit: int, owner: str = made.id) -> str:
        value = [models.QuotaBaseProperties(id=f"{owner}/quotas/{family}", limit=limit, type=made.type, unit="Count")]
        return ml.quotas.update(LOCATION, models.QuotaUpdateParameters(value=value, location=LOCATION)).value[0].status

    def given() -> dict[str, int]:
        return {each.name.value: each.limit for each in ml.quotas.list(LOCATION) if each.id.startswith(made.id)}

    assert sizes["Standard_NC6s_v3"].v_cp_us == 6
    assert {usage.name.value for usage in usages} >= {"Total Clusters", "standardDSv2Family"}
    assert own.id == f"/subscriptions/{made.id.split('/')[2]}/quotas/standardDSv2Family"
    assert (own.type, own.unit) == ("Microsoft.MachineLearningServices/vmFamily/quotas", "Count")
    assert give("STANDARDDSV2FAMILY", 10) == models.Status.SUCCESS
    assert given() == {"standardDSv2Family": 10}
    assert give("standardDSv2Family", own.limit + 1) == models.Status.INVALID_QUOTA_EXCEEDS_SUBSCRIPTION_LIMIT
    assert give("standardDSv22Family", 1) == models.Status.INVALID_VM_FAMILY_NAME
    assert give("standardDSv2Family", 1, f"{made.id}-of-nobody") == models.Status.FAILURE
    assert give("standardDSv2Family", -1) == models.Status.SUCCESS
    assert given() == {}
    with pytest.raises(HttpResponseError, match="'atlantis' is not known"):
        ml.virtual_machine_sizes.list("atlantis")
