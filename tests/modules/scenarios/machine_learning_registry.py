# SPDX-License-Identifier: Apache-2.0
"""A registry of two regions with every argument, and one that only its private endpoint reaches."""

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    gp.MachineLearningRegistry(
        "full",
        gp.MachineLearningRegistryArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            role_grants={"reader": here.reader},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
            regions={
                LOCATION: gp.RegistryRegion(
                    redundancy="Premium_ZRS",
                    hierarchical_namespace=True,
                    blob_public_access=True,
                    storage_account_name=here.names("storage_account", "shared"),
                    container_registry_name=here.names("container_registry", "shared"),
                ),
                "swedencentral": gp.RegistryRegion(),
            },
            public_network_access=True,
            managed_group_principal_ids=(here.identity.principal_id,),
            private_endpoint=here.placement,
            registry_name=here.names("machine_learning_registry", "full"),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, watched and locked; one group may use it."""
    gp.MachineLearningRegistry(
        "locked-down",
        gp.MachineLearningRegistryArgs(
            resource_group_name=here.group.name,
            regions={LOCATION: gp.RegistryRegion()},
            private_endpoint=here.placement,
            role_grants={"team": gp.RoleGrant(role="AzureML Registry User", principal_id=here.identity.principal_id)},
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became, and what callers get."""
    closed = found.one("machinelearningservices:Registry", "locked-down")
    assert closed["publicNetworkAccess"] == "Disabled"
    (region,) = closed["regionDetails"]
    (account,) = region["storageAccountDetails"]
    assert account["systemCreatedStorageAccount"]["allowBlobPublicAccess"] is False
    assert found.one("network:PrivateEndpoint", "locked-down-link")["privateLinkServiceConnections"][0]["groupIds"] == [
        "amlregistry"
    ]
    regions = [each["location"] for each in found.one("machinelearningservices:Registry", "full")["regionDetails"]]
    assert regions == [LOCATION, "swedencentral"]
    (outputs,) = (row["outputs"] for row in found.rows if row["urn"].endswith("MachineLearningRegistry::locked-down"))
    assert "/resourceGroups/azureml-rg-locked-down_" in outputs["managedResourceGroupId"]
    (made,) = (row for row in found.rows if row["urn"].endswith("MachineLearningRegistry::full"))
    named = found.one("machinelearningservices:Registry", "full")["regionDetails"][0]
    name = named["storageAccountDetails"][0]["systemCreatedStorageAccount"]["storageAccountName"]
    assert made["outputs"]["storageAccountIds"][LOCATION].endswith(f"/storageAccounts/{name}")
    assert "/registries/" in made["outputs"]["containerRegistryIds"]["swedencentral"]
    settings = found.one("machinelearningservices:Registry", "full")["managedResourceGroupSettings"]
    assert len(settings["assignedIdentities"]) == 1
    assert all(outputs[name] for name in ("discoveryUrl", "mlflowUri", "principalId"))
