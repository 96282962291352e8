# SPDX-License-Identifier: Apache-2.0
"""A feature store with every argument, and one that only its private endpoints reach."""

from pulumi_azure_native import redis

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument; one that keeps features where they were."""
    cache = redis.Redis(
        "base-cache",
        name="redis-features",
        resource_group_name=here.group.name,
        sku=redis.SkuArgs(name="Premium", family="P", capacity=1),
        minimum_tls_version="1.2",
        redis_configuration=redis.RedisCommonPropertiesRedisConfigurationArgs(maxmemory_policy="volatile-lru"),
    )
    gp.FeatureStore(
        "full",
        gp.FeatureStoreArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            offline_account_name=here.names("storage_account", "full"),
            application_insights_id=here.monitoring.application_insights_id,
            container_registry_id=here.images.id,
            online_store_id=cache.id,
            redundancy="Standard_LRS",
            spark_version="3.4.0",
            public_network_access=True,
            private_endpoint=here.placement,
            managed_network="AllowInternetOutbound",
            customer_key=here.customer_key,
            soft_delete=gp.SoftDelete(on_create="purge"),
            feature_store_name=here.names("feature_store", "full"),
            description="All of it",
        ),
    )

    gp.FeatureStore(
        "full-brought",
        gp.FeatureStoreArgs(
            resource_group_name=here.group.name,
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            offline_container_id=here.data.id.apply(lambda id_: f"{id_}/blobServices/default/containers/lake"),
            public_network_access=True,
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, outbound traffic only where approved, as an identity and with a key of one's own, who reads features is told."""
    identity = gp.Identity("locked-down-identity", gp.IdentityArgs(resource_group_name=here.group.name))
    gp.FeatureStore(
        "locked-down",
        gp.FeatureStoreArgs(
            resource_group_name=here.group.name,
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            offline_account_name=here.names("storage_account", "closed"),
            offline_diagnostics=here.diagnostics,
            container_registry_id=here.images.id,
            identity_id=identity.id,
            identity_principal_id=identity.principal_id,
            data_isolation=True,
            private_endpoint=here.placement,
            managed_network="AllowOnlyApprovedOutbound",
            customer_key=here.rotating_key,
            diagnostics=here.diagnostics,
        ),
    )


def check(found: Declared) -> None:
    """The parts know each other."""
    workspace = found.one("machinelearningservices:Workspace", "locked-down")
    connection = found.one("machinelearningservices:WorkspaceConnection", "locked-down-offline-connection")
    account = found.one("storage:StorageAccount", "locked-down-offline")
    assert workspace["featureStoreSettings"]["offlineStoreConnectionName"] == connection["connectionName"]
    assert connection["properties"]["category"] == "ADLSGen2"
    assert (
        f"/storageAccounts/{account['accountName']}/blobServices/default/containers/"
        in connection["properties"]["target"]
    )
    assert account["isHnsEnabled"] is True
    roles = [each["urn"] for each in found.under("FeatureStore", "locked-down") if "RoleAssignment" in each["type"]]
    assert len(roles) == 8, "two of the identity that materializes, five on the neighbours, one on the workspace"
    assert workspace["primaryUserAssignedIdentity"].endswith("/locked-down-identity")
    assert workspace["enableDataIsolation"] is True
    assert account["encryption"]["keySource"] == "Microsoft.Keyvault"
    logged = found.one("monitor:DiagnosticSetting", "locked-down-offline-blobs-diagnostics")
    assert logged["resourceUri"].endswith("/blobServices/default")
    settings = found.one("machinelearningservices:Workspace", "full")["featureStoreSettings"]
    online = found.one("machinelearningservices:WorkspaceConnection", "full-online-connection")
    assert settings["onlineStoreConnectionName"] == online["connectionName"] == "OnlineStoreConnectionName-redis"
    assert (online["properties"]["category"], online["properties"]["authType"]) == ("Redis", "ManagedIdentity")
    writes = found.one("authorization:RoleAssignment", "full-materialize-contributor")
    assert writes["scope"] == online["properties"]["target"]
    assert "onlineStoreConnectionName" not in workspace["featureStoreSettings"]
    brought = found.one("machinelearningservices:WorkspaceConnection", "full-brought-offline-connection")["properties"]
    lake = found.one("authorization:RoleAssignment", "full-brought-materialize-storage-blob-data-contributor")["scope"]
    assert brought["target"] == f"{lake}/blobServices/default/containers/lake"
    granted = found.awaited("account", "workspaceName")
    assert {
        "features-materialize-azureml-data-scientist",
        "features-materialize-storage-blob-data-contributor",
    } < granted
