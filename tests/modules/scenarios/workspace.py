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
            high_business_impact=True,
            image_build_compute="builder",
            datastore_access_keys=True,
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


def locked_down(here: Surroundings) -> None:
    """Private, outbound traffic only where approved, the customer's own key, watched and locked."""
    gp.Workspace(
        "locked-down",
        gp.WorkspaceArgs(
            resource_group_name=here.group.name,
            key_vault_id=here.vault.id,
            storage_account_id=here.data.id,
            container_registry_id=here.images.id,
            identity_id=here.identity.id,
            private_endpoint=here.placement,
            managed_network="AllowOnlyApprovedOutbound",
            customer_key=here.customer_key,
            high_business_impact=True,
            diagnostics=here.diagnostics,
            lock=gp.Lock(),
        ),
        pulumi.ResourceOptions(depends_on=[here.identity, here.vault]),
    )


def check(found: Declared) -> None:
    """What the arguments became."""
    closed = found.one("machinelearningservices:Workspace", "locked-down")
    assert closed["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert closed["systemDatastoresAuthMode"] == "Identity"
    assert closed["encryption"]["status"] == "Enabled"
    assert closed["v1LegacyMode"] is False
    zones = found.one("network:PrivateDnsZoneGroup", "locked-down-link-dns")["privateDnsZoneConfigs"]
    assert [zone["name"] for zone in zones] == ["aml-api", "aml-notebooks"]
    project = found.one("machinelearningservices:Workspace", "full-project")
    assert project["hubResourceId"].endswith(found.one("machinelearningservices:Workspace", "full")["workspaceName"])
