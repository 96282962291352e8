# SPDX-License-Identifier: Apache-2.0
"""A feature store with every argument, and one that only its private endpoints reach."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
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
            redundancy="Standard_LRS",
            spark_version="3.4.0",
            public_network_access=True,
            private_endpoint=here.placement,
            managed_network="AllowInternetOutbound",
            customer_key=here.customer_key,
            feature_store_name=here.names("feature_store", "full"),
            description="All of it",
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, outbound traffic only where approved."""
    gp.FeatureStore(
        "locked-down",
        gp.FeatureStoreArgs(
            resource_group_name=here.group.name,
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            offline_account_name=here.names("storage_account", "closed"),
            private_endpoint=here.placement,
            managed_network="AllowOnlyApprovedOutbound",
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
    assert len(roles) == 2
