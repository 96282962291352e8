# SPDX-License-Identifier: Apache-2.0
"""What a workspace stands on: identities, key vault, storage account and container registry."""

from dataclasses import dataclass

from pulumi_azure_native import resources
from settings import WorkspaceSettings

import groundplan as gp
from groundplan.contracts import Foundation


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every component of this stage is given."""

    settings: WorkspaceSettings
    foundation: Foundation
    names: gp.Names
    group: resources.ResourceGroup

    @property
    def private_endpoint(self) -> gp.PrivateEndpoint:
        """All endpoints sit in the foundation's subnet and register in its zones."""
        return gp.PrivateEndpoint(
            subnet_id=self.foundation.endpoints_subnet_id, dns_zone_ids=self.foundation.dns_zone_ids
        )

    @property
    def diagnostics(self) -> gp.Diagnostics:
        """All logs and metrics go to the foundation's Log Analytics workspace."""
        return gp.Diagnostics(log_analytics_workspace_id=self.foundation.log_analytics_workspace_id)


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """The components themselves."""

    workspace_identity: gp.Identity
    """What the workspace acts as."""
    training_identity: gp.Identity
    """What jobs on the cluster act as: data and images, but no control of any resource."""
    vault: gp.KeyVault
    storage: gp.Storage
    registry: gp.ContainerRegistry


def declare_dependencies(context: Context, tenant_id: str) -> Dependencies:
    """Declare the identities first, then what they get roles on.

    Roles of the workspace's identity: Microsoft's "Set up service authentication" for user-assigned identities.
    """
    insights = context.foundation.application_insights_id
    workspace = _identity(
        context,
        "workspace",
        {
            "insights": gp.RoleOn(role="Contributor", scope=insights),
            "metrics": gp.RoleOn(role="Monitoring Metrics Publisher", scope=insights),
        },
    )
    training = _identity(context, "training", {})
    return Dependencies(
        workspace_identity=workspace,
        training_identity=training,
        vault=_vault(context, workspace, tenant_id),
        storage=_storage(context, workspace, training),
        registry=_registry(context, workspace, training),
    )


def _identity(context: Context, role: str, roles: dict[str, gp.RoleOn]) -> gp.Identity:
    return gp.Identity(
        f"{role}-identity",
        gp.IdentityArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            identity_name=context.names("identity", role),
            roles=roles,
            tags=context.settings.tags,
        ),
    )


def _vault(context: Context, workspace: gp.Identity, tenant_id: str) -> gp.KeyVault:
    settings = context.settings.vault
    return gp.KeyVault(
        "vault",
        gp.KeyVaultArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            vault_name=context.names("key_vault"),
            tenant_id=tenant_id,
            soft_delete_retention_days=settings.retention_days,
            purge_protection=settings.purge_protection,
            recover_deleted=settings.recover_deleted,
            private_endpoint=context.private_endpoint,
            role_grants={
                "workspace": gp.RoleGrant(role="Contributor", principal_id=workspace.principal_id),
                "workspace-data": gp.RoleGrant(role="Key Vault Administrator", principal_id=workspace.principal_id),
            },
            diagnostics=context.diagnostics,
            tags=context.settings.tags,
        ),
    )


def _storage(context: Context, workspace: gp.Identity, training: gp.Identity) -> gp.Storage:
    settings = context.settings.storage
    blobs, files = "Storage Blob Data Contributor", "Storage File Data Privileged Contributor"
    return gp.Storage(
        "storage",
        gp.StorageArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            account_name=context.names("storage_account"),
            redundancy=settings.redundancy,
            delete_retention_days=settings.delete_retention_days,
            private_endpoint=context.private_endpoint,
            role_grants={
                "workspace": gp.RoleGrant(role="Contributor", principal_id=workspace.principal_id),
                "workspace-blobs": gp.RoleGrant(role=blobs, principal_id=workspace.principal_id),
                "workspace-files": gp.RoleGrant(role=files, principal_id=workspace.principal_id),
                "training-blobs": gp.RoleGrant(role=blobs, principal_id=training.principal_id),
                "training-files": gp.RoleGrant(role=files, principal_id=training.principal_id),
            },
            diagnostics=context.diagnostics,
            tags=context.settings.tags,
        ),
    )


def _registry(context: Context, workspace: gp.Identity, training: gp.Identity) -> gp.ContainerRegistry:
    return gp.ContainerRegistry(
        "registry",
        gp.ContainerRegistryArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            registry_name=context.names("container_registry"),
            private_endpoint=context.private_endpoint,
            role_grants={
                "workspace": gp.RoleGrant(role="Contributor", principal_id=workspace.principal_id),
                "training-images": gp.RoleGrant(role="AcrPull", principal_id=training.principal_id),
            },
            diagnostics=context.diagnostics,
            tags=context.settings.tags,
        ),
    )
