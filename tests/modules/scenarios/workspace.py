# SPDX-License-Identifier: Apache-2.0
"""A hub with every argument and a project of it, and a workspace that nothing reaches but its private endpoint."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import LOCATION, TAGS, Surroundings


def full(here: Surroundings) -> None:
    """Every argument."""
    hub = gp.Workspace(
        "full",
        gp.WorkspaceArgs(
            resource_group_name=here.group.name,
            location=LOCATION,
            tags=TAGS,
            lock=gp.Lock(notes="ask the platform team"),
            diagnostics=here.diagnostics,
            role_grants={"scientist": gp.RoleGrant(role="AzureML Data Scientist", principal_id=here.client.object_id)},
            kind="Hub",
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            container_registry_id=here.images.id,
            application_insights_id=here.monitoring.application_insights_id,
            identity_id=here.identity.id,
            public_network_access=True,
            private_endpoint=here.placement,
            managed_network="AllowInternetOutbound",
            customer_key=here.customer_key,
            service_side_encryption=True,
            high_business_impact=True,
            data_isolation=True,
            image_build_compute="builder",
            serverless_compute=gp.ServerlessCompute(public_ip=True),
            datastore_access_keys=True,
            soft_delete=gp.SoftDelete(on_create="purge", on_destroy="purge"),
            workspace_name=here.names("machine_learning_workspace", "full"),
            friendly_name="Vision",
            description="All of it",
        ),
        pulumi.ResourceOptions(depends_on=[here.identity, here.vault, here.data, here.images]),
    )
    gp.Workspace(
        "full-project",
        gp.WorkspaceArgs(resource_group_name=here.group.name, location=LOCATION, kind="Project", hub_id=hub.id),
    )
    gp.Workspace(
        "full-features",
        gp.WorkspaceArgs(
            resource_group_name=here.group.name,
            kind="FeatureStore",
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            other_identity_ids=(here.identity.id,),
            public_network_access=True,
            serverless_compute=gp.ServerlessCompute(subnet_id=here.network.subnet_ids["training"]),
            feature_store=gp.FeatureStoreSettings(
                offline_store_connection="offline", online_store_connection="online", spark_version="3.4.0"
            ),
        ),
    )
    _with_rules(here)


def _with_rules(here: Surroundings) -> None:
    """A managed network with rules of its own."""
    gp.Workspace(
        "full-system",
        gp.WorkspaceArgs(
            resource_group_name=here.group.name,
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            public_network_access=True,
            managed_network=gp.ManagedNetwork(
                isolation="AllowInternetOutbound",
                rules={
                    "front": gp.PrivateEndpointRule(
                        resource_id=here.data.id, subresources=("blob",), hosts=("data.example.com",)
                    ),
                    "no-mail": gp.ServiceTagRule(
                        tag="Internet", ports="25,587", address_prefixes=("203.0.113.0/24",), deny=True
                    ),
                },
            ),
        ),
    )


def locked_down(here: Surroundings) -> None:
    """Private, outbound traffic only where approved, the customer's own key, watched and locked."""
    identity = gp.Identity("locked-down-identity", gp.IdentityArgs(resource_group_name=here.group.name))
    gp.Workspace(
        "locked-down",
        gp.WorkspaceArgs(
            resource_group_name=here.group.name,
            key_vault_id=here.vault.id,
            storage_account_id=here.closed_data.id,
            container_registry_id=here.images.id,
            data_isolation=True,
            identity_id=identity.id,
            identity_principal_id=identity.principal_id,
            private_endpoint=here.placement,
            managed_network=gp.ManagedNetwork(
                isolation="AllowOnlyApprovedOutbound",
                rules={
                    "models": gp.FqdnRule(host="*.huggingface.co"),
                    "images": gp.PrivateEndpointRule(
                        resource_id=here.images.id, subresources=("registry",), spark=True, approved_elsewhere=True
                    ),
                    "batch": gp.PrivateEndpointRule(resource_id=here.data.id, subresources=("queue", "table")),
                    "open-data": gp.ServiceTagRule(tag="AzureOpenDatasets", protocol="TCP", ports="80,443"),
                },
                firewall="Basic",
                provision_now=True,
            ),
            customer_key=here.customer_key,
            high_business_impact=True,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
        pulumi.ResourceOptions(depends_on=[here.vault]),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    closed = found.one("machinelearningservices:Workspace", "locked-down")
    assert closed["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert closed["systemDatastoresAuthMode"] == "Identity"
    assert closed["encryption"]["status"] == "Enabled"
    assert closed["v1LegacyMode"] is False
    assert closed["primaryUserAssignedIdentity"].endswith("/locked-down-identity")
    rules = found.inputs("machinelearningservices:ManagedNetworkSettingsRule", "locked-down-out-")
    assert [(rule["ruleName"], rule["properties"]["type"]) for rule in rules] == [
        ("models", "FQDN"),
        ("images-registry", "PrivateEndpoint"),
        ("batch-queue", "PrivateEndpoint"),
        ("batch-table", "PrivateEndpoint"),
        ("open-data", "ServiceTag"),
    ]
    roles = [each["urn"] for each in found.under("Workspace", "locked-down") if "RoleAssignment" in each["type"]]
    assert len(roles) == 7, "five on the neighbours, one on the workspace, one to approve endpoints"
    zones = found.one("network:PrivateDnsZoneGroup", "locked-down-link-dns")["privateDnsZoneConfigs"]
    assert [zone["name"] for zone in zones] == ["aml-api", "aml-notebooks"]
    denied = found.one("machinelearningservices:ManagedNetworkSettingsRule", "full-system-out-no-mail")["properties"]
    assert denied["destination"]["action"] == "Deny"
    assert denied["destination"]["addressPrefixes"] == ["203.0.113.0/24"]
    approval = found.one("authorization:RoleAssignment", "full-system-approves-front")
    (system,) = (row["outputs"] for row in found.rows if row["urn"].endswith("groundplan:index:Workspace::full-system"))
    assert approval["principalId"] == system["principalId"]
    features = found.one("machinelearningservices:Workspace", "full-features")
    assert features["featureStoreSettings"]["computeRuntime"] == {"sparkRuntimeVersion": "3.4.0"}
    assert features["identity"]["type"] == "SystemAssigned,UserAssigned"
    assert features["serverlessComputeSettings"]["serverlessComputeNoPublicIP"] is True
    project = found.one("machinelearningservices:Workspace", "full-project")
    assert project["hubResourceId"].endswith(found.one("machinelearningservices:Workspace", "full")["workspaceName"])
