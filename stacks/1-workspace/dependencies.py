# SPDX-License-Identifier: Apache-2.0
"""What a workspace stands on: identities, key vault, storage account and container registry."""

from dataclasses import dataclass, field
from typing import TypedDict

from pulumi import Input, Resource, ResourceOptions
from pulumi_azure_native import resources
from settings import WorkspaceSettings

import groundplan as gp
from groundplan.contracts import Foundation, WorkspaceStage


@dataclass(kw_only=True)
class Context:
    """What every component of this stage is given."""

    settings: WorkspaceSettings
    foundation: Foundation
    hub: WorkspaceStage | None
    """The hub of a project."""
    registry_id: Input[str] | None
    """The model registry: that of the foundation, or one that environments share."""
    instance: str
    """Which of several workspaces of the environment."""
    names: gp.Names
    group: resources.ResourceGroup = field(init=False)

    def name(self, kind: str, role: str = "") -> str:
        """Azure name of a `kind` of resource of this instance."""
        return self.names(kind, "-".join(part for part in (role, self.instance) if part))

    @property
    def private_endpoint(self) -> gp.PrivateEndpoint:
        """All endpoints sit in the foundation's subnet and register in its zones."""
        return self.foundation.placement()

    @property
    def diagnostics(self) -> gp.Diagnostics:
        """All logs and metrics go to the foundation's Log Analytics workspace."""
        return gp.Diagnostics(log_analytics_workspace_id=self.foundation.log_analytics_workspace_id)


def declare_group(context: Context) -> resources.ResourceGroup:
    """What holds everything of this stage."""
    return resources.ResourceGroup(
        "workspace",
        resource_group_name=context.name("resource_group", "workspace"),
        location=context.foundation.location,
        tags=context.settings.tags,
    )


class Neighbours(TypedDict):
    """What a workspace stands on, as its contract names it."""

    key_vault_id: Input[str]
    key_vault_uri: Input[str]
    storage_account_id: Input[str]
    storage_account_name: Input[str]
    container_registry_id: Input[str]
    login_server: Input[str]


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """What the workspace stands on: its own, or its hub's."""

    workspace_identity: gp.Identity | None
    """What the workspace acts as; a project has an identity that Azure makes."""
    training_identity: gp.Identity
    """What jobs on the cluster act as: data and images, but no control of any resource."""
    neighbours: Neighbours
    customer_key: gp.CustomerKey | None = None
    """The customer's own key, where there is one."""
    components: tuple[Resource, ...]
    """What must be complete before the workspace."""


_KEY, _KEY_USER = "platform", "Key Vault Crypto Service Encryption User"
_BLOBS, _FILES = "Storage Blob Data Contributor", "Storage File Data Privileged Contributor"


def declare_dependencies(context: Context, tenant_id: str) -> Dependencies:
    """Declare the identities first, then what they get roles on.

    Roles of the workspace's identity: Microsoft's "Set up service authentication" for user-assigned identities.
    """
    if context.hub is not None:
        return _of_the_hub(context, context.hub)
    insights = context.foundation.application_insights_id
    workspace = _identity(
        context,
        "workspace",
        {
            "insights": gp.RoleOn(role="Contributor", scope=insights),
            "metrics": gp.RoleOn(role="Monitoring Metrics Publisher", scope=insights),
        },
    )
    training = _identity(context, "training", _of_jobs(context))
    encryption = _encryption_identity(context)
    vault = _vault(context, workspace, encryption, tenant_id)
    key = _customer_key(context, encryption, vault)
    storage = _storage(context, workspace, training, vault, key)
    registry = _registry(context, workspace, training, vault, key)
    return Dependencies(
        workspace_identity=workspace,
        training_identity=training,
        neighbours={
            "key_vault_id": vault.id,
            "key_vault_uri": vault.uri,
            "storage_account_id": storage.id,
            "storage_account_name": storage.name,
            "container_registry_id": registry.id,
            "login_server": registry.login_server,
        },
        customer_key=key,
        components=(workspace, vault, storage, registry),
    )


def _of_the_hub(context: Context, hub: WorkspaceStage) -> Dependencies:
    """A project works with its hub's; its jobs have an identity of their own."""
    training = _identity(
        context,
        "training",
        {
            "blobs": gp.RoleOn(role=_BLOBS, scope=hub.storage_account_id),
            "files": gp.RoleOn(role=_FILES, scope=hub.storage_account_id),
            "images": gp.RoleOn(role="AcrPull", scope=hub.container_registry_id),
            **_of_jobs(context),
        },
    )
    return Dependencies(
        workspace_identity=None,
        training_identity=training,
        neighbours={
            "key_vault_id": hub.key_vault_id,
            "key_vault_uri": hub.key_vault_uri,
            "storage_account_id": hub.storage_account_id,
            "storage_account_name": hub.storage_account_name,
            "container_registry_id": hub.container_registry_id,
            "login_server": hub.login_server,
        },
        components=(),
    )


def _of_jobs(context: Context) -> dict[str, gp.RoleOn]:
    """What jobs use beyond the workspace: other accounts' data, and what the shared registry has.

    What gets into the registry is up to pipelines (persona `ci`).
    """
    roles = {
        f"data-{key}": gp.RoleOn(role=_BLOBS if each.writable else "Storage Blob Data Reader", scope=each.account_id)
        for key, each in context.settings.datastores.items()
        if each.account_id
    }
    if context.registry_id is not None:
        roles["models"] = gp.RoleOn(role="Reader", scope=context.registry_id)
    return roles


def _encryption_identity(context: Context) -> gp.Identity | None:
    """What opens the customer's key for storage, images and the workspace."""
    chosen = context.settings.customer_key
    if chosen is None:
        return None
    elsewhere = {"key": gp.RoleOn(role=_KEY_USER, scope=chosen.key_vault_id)} if chosen.key_vault_id else {}
    return _identity(context, "encryption", elsewhere)


def _customer_key(context: Context, identity: gp.Identity | None, vault: gp.KeyVault) -> gp.CustomerKey | None:
    """The key that the settings name, or the one that the stage's vault makes."""
    chosen = context.settings.customer_key
    if chosen is None or identity is None:
        return None
    return gp.CustomerKey(
        key_vault_id=chosen.key_vault_id or vault.id,
        key_identifier=chosen.key_uri or vault.key_uris[_KEY],
        identity_id=identity.id,
        identity_client_id=identity.client_id,
    )


def _identity(context: Context, role: str, roles: dict[str, gp.RoleOn]) -> gp.Identity:
    return gp.Identity(
        f"{role}-identity",
        gp.IdentityArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            identity_name=context.name("identity", role),
            roles=roles,
            tags=context.settings.tags,
        ),
    )


def _vault(context: Context, workspace: gp.Identity, encryption: gp.Identity | None, tenant_id: str) -> gp.KeyVault:
    settings, chosen = context.settings.vault, context.settings.customer_key
    own_key = chosen is not None and chosen.key_uri is None
    opens = (
        {"encryption": gp.RoleGrant(role=_KEY_USER, principal_id=encryption.principal_id)}
        if own_key and encryption
        else {}
    )
    return gp.KeyVault(
        "vault",
        gp.KeyVaultArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            vault_name=context.name("key_vault"),
            tenant_id=tenant_id,
            soft_delete_retention_days=settings.retention_days,
            purge_protection=settings.purge_protection,
            recover_deleted=settings.recover_deleted,
            keys={_KEY: gp.VaultKey()} if own_key else {},
            private_endpoint=context.private_endpoint,
            role_grants={
                **opens,
                "workspace": gp.RoleGrant(role="Contributor", principal_id=workspace.principal_id),
                "workspace-data": gp.RoleGrant(role="Key Vault Administrator", principal_id=workspace.principal_id),
            },
            diagnostics=context.diagnostics,
            tags=context.settings.tags,
        ),
    )


def _storage(
    context: Context, workspace: gp.Identity, training: gp.Identity, vault: gp.KeyVault, key: gp.CustomerKey | None
) -> gp.Storage:
    settings = context.settings.storage
    return gp.Storage(
        "storage",
        gp.StorageArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            account_name=context.name("storage_account"),
            redundancy=settings.redundancy,
            delete_retention_days=settings.delete_retention_days,
            containers=tuple(
                dict.fromkeys(
                    each.container
                    for each in context.settings.datastores.values()
                    if each.container and not each.account_id
                )
            ),
            customer_key=key,
            private_endpoint=context.private_endpoint,
            role_grants={
                "workspace": gp.RoleGrant(role="Contributor", principal_id=workspace.principal_id),
                "workspace-blobs": gp.RoleGrant(role=_BLOBS, principal_id=workspace.principal_id),
                "workspace-files": gp.RoleGrant(role=_FILES, principal_id=workspace.principal_id),
                "training-blobs": gp.RoleGrant(role=_BLOBS, principal_id=training.principal_id),
                "training-files": gp.RoleGrant(role=_FILES, principal_id=training.principal_id),
            },
            diagnostics=context.diagnostics,
            tags=context.settings.tags,
        ),
        _after(vault, key),
    )


def _registry(
    context: Context, workspace: gp.Identity, training: gp.Identity, vault: gp.KeyVault, key: gp.CustomerKey | None
) -> gp.ContainerRegistry:
    return gp.ContainerRegistry(
        "registry",
        gp.ContainerRegistryArgs(
            resource_group_name=context.group.name,
            location=context.foundation.location,
            registry_name=context.name("container_registry"),
            customer_key=key,
            private_endpoint=context.private_endpoint,
            role_grants={
                "workspace": gp.RoleGrant(role="Contributor", principal_id=workspace.principal_id),
                "training-images": gp.RoleGrant(role="AcrPull", principal_id=training.principal_id),
            },
            diagnostics=context.diagnostics,
            tags=context.settings.tags,
        ),
        _after(vault, key),
    )


def _after(vault: gp.KeyVault, key: gp.CustomerKey | None) -> ResourceOptions | None:
    """What a key encrypts waits for the vault, whose grants open it."""
    return ResourceOptions(depends_on=[vault]) if key else None
